import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {archiveFileName, isPackageScope, packageNameProblem, scopeOf} from '../src/index.js'

describe('a package name', () => {
  for (const name of ['@a/b', '@acme-1/a..b', '@a/b_c-d.e', `@a/${'b'.repeat(211)}`]) {
    it(`package name: can be ${name.slice(0, 20)}`, () => assert.equal(packageNameProblem(name), undefined))
  }

  for (const name of [
    '',
    'tool',
    '@a',
    '@a/',
    '@/b',
    '@A/b',
    '@a/B',
    '@a/-b',
    '@a/b.',
    '@a/../b',
    '@a/b/c',
    '@a/b\n',
  ]) {
    it(`package name: cannot be ${JSON.stringify(name)}`, () => assert.notEqual(packageNameProblem(name), undefined))
  }

  it('package name: cannot be longer than 214 characters', () => {
    assert.equal(packageNameProblem(`@a/${'b'.repeat(212)}`), 'is longer than 214 characters')
  })

  it('package name: determines the scope and the name of the packed file', () => {
    assert.equal(scopeOf('@acme/tool'), '@acme')
    assert.deepEqual(['@acme', 'acme', '@acme/x', '@'].map(isPackageScope), [true, false, false, false])
    assert.equal(archiveFileName('@test/my-pkg', '0.1.0'), 'test-my-pkg-0.1.0.tar.zst')
  })
})
