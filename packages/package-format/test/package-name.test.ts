import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {archiveFileName, isPackageScope, packageNameProblem, publishedNameProblem, scopeOf} from '../src/index.js'

describe('a package name', () => {
  for (const name of ['tool', 'console', '@a/nul', '@a/b', '@acme-1/a..b', '@a/b_c-d.e', `@a/${'b'.repeat(211)}`]) {
    it(`package name: can be ${name.slice(0, 20)}`, () => assert.equal(packageNameProblem(name), undefined))
  }

  for (const name of [
    '',
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
    '.tool',
    'a/b',
    '__proto__',
    'nul',
    'com1.tool',
  ]) {
    it(`package name: cannot be ${JSON.stringify(name)}`, () => assert.notEqual(packageNameProblem(name), undefined))
  }

  it('package name: cannot be longer than 214 characters', () => {
    assert.equal(packageNameProblem(`@a/${'b'.repeat(212)}`), 'is longer than 214 characters')
  })

  it('package name: needs a scope to be published', () => {
    assert.equal(publishedNameProblem('tool'), 'must be scoped: @username/name or @org/name')
    assert.equal(publishedNameProblem('@a/tool'), undefined)
    assert.notEqual(publishedNameProblem('@a/Tool'), undefined)
  })

  it('package name: determines the scope and the name of the packed file', () => {
    assert.equal(scopeOf('@acme/tool'), '@acme')
    assert.equal(scopeOf('tool'), '')
    assert.deepEqual(['@acme', 'acme', '@acme/x', '@'].map(isPackageScope), [true, false, false, false])
    assert.equal(archiveFileName('@test/my-pkg', '0.1.0'), 'test-my-pkg-0.1.0.tar.zst')
  })
})
