import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it} from 'node:test'

import {
  archiveFileName,
  formatIntegrity,
  isPackageScope,
  ManifestProblem,
  packageNameProblem,
  parseIntegrity,
  parseManifest,
  publishProblems,
  scopeOf,
  versionProblem,
} from '../src/index.js'

const minimal = {name: '@acme/tool', version: '1.0.0', type: 'skill'}
const manifestOf = (fields: object) => parseManifest(JSON.stringify({...minimal, ...fields})).manifest

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

describe('a version', () => {
  for (const version of ['1.2.3', '0.0.0', '1.0.0-rc.1', '1.0.0+build.1', '1.0.0-a+b']) {
    it(`version: can be ${version}`, () => assert.equal(versionProblem(version), undefined))
  }

  for (const version of [
    '',
    '1',
    '1.2',
    'v1.2.3',
    '=1.2.3',
    ' 1.2.3',
    '1.2.3 ',
    '01.2.3',
    '1.2.3-01',
    'latest',
    '../1.0.0',
  ]) {
    it(`version: cannot be ${JSON.stringify(version)}`, () => assert.notEqual(versionProblem(version), undefined))
  }
})

describe('an integrity', () => {
  const sha256 = createHash('sha256').update('hello world').digest()
  const text = 'sha256-uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek='

  it('integrity: is the base64 of a SHA-256', () => {
    assert.equal(formatIntegrity(sha256), text)
    assert.equal(parseIntegrity(text), sha256.toString('hex'))
  })

  for (const invalid of [
    '',
    text.slice(0, -1),
    `${text} ${text}`,
    `${text}\n`,
    text.replace('256', '512'),
    text.replace('ek=', 'el='),
  ]) {
    it(`integrity: cannot be ${JSON.stringify(invalid)}`, () => assert.equal(parseIntegrity(invalid), undefined))
  }
})

describe('a manifest', () => {
  it('manifest: requires a name, a version and a type, and has defaults for everything else', () => {
    assert.deepEqual(manifestOf({}), {
      ...minimal,
      description: '',
      license: 'MIT',
      visibility: 'public',
      keywords: [],
      authors: [],
      dependencies: {},
    })
  })

  it('manifest: can have null for absent fields and strings as authors; its dependencies are sorted', () => {
    const {license, authors, dependencies} = manifestOf({
      license: null,
      authors: ['ada', {name: 'bob', email: 'b@example.com', url: 'x'}],
      dependencies: {'@b/b': '*', '@a/a': '^1.0.0'},
    })
    assert.equal(license, 'MIT')
    assert.deepEqual(authors, [{name: 'ada'}, {name: 'bob', email: 'b@example.com'}])
    assert.deepEqual(Object.keys(dependencies), ['@a/a', '@b/b'])
  })

  it('manifest: causes a warning for each unknown field', () => {
    const {warnings} = parseManifest(JSON.stringify({...minimal, scripts: {}, skill: {}, main: 'a'}))
    assert.deepEqual(warnings, ['`scripts` is not a field of apkg.json'])
  })

  for (const [text, field] of [
    ['{', undefined],
    ['[]', undefined],
    ['null', undefined],
    [JSON.stringify({...minimal, name: ''}), 'name'],
    [JSON.stringify({...minimal, version: 1}), 'version'],
    [JSON.stringify({...minimal, type: undefined}), 'type'],
    [JSON.stringify({...minimal, visibility: 'secret'}), 'visibility'],
    [JSON.stringify({...minimal, keywords: [1]}), 'keywords'],
    [JSON.stringify({...minimal, authors: [{}]}), 'authors'],
    [JSON.stringify({...minimal, dependencies: []}), 'dependencies'],
    [JSON.stringify({...minimal, dependencies: {'../evil': '*'}}), 'dependencies'],
    ['{"name":"@a/b","version":"1.0.0","type":"skill","dependencies":{"__proto__":"*"}}', 'dependencies'],
    [JSON.stringify({...minimal, dependencies: {'@a/b': {}}}), 'dependencies'],
  ] as const) {
    it(`manifest: cannot be ${text}`, () => {
      assert.throws(
        () => parseManifest(text),
        (error: ManifestProblem) => error instanceof ManifestProblem && error.field === field,
      )
    })
  }

  for (const [fields, problems] of [
    [{}, []],
    [{targets: ['cursor', 'kiro'], origin: 'cursor'}, []],
    [{name: 'tool', version: 'v1', type: 'project'}, ['name', 'version', 'type']],
    [{type: 'thing'}, ['type']],
    [{targets: []}, ['targets']],
    [{targets: ['emacs']}, ['targets']],
    [{origin: 'emacs'}, ['origin']],
    [{origin: 'codex', targets: ['cursor']}, ['origin']],
    [{description: 'x'.repeat(1025), homepage: 'x'.repeat(1025)}, ['description', 'homepage']],
    [{keywords: Array.from({length: 101}, String)}, ['keywords']],
  ] as const) {
    it(`manifest: with ${JSON.stringify(fields).slice(0, 60)} can${problems.length > 0 ? 'not' : ''} be published${problems.length > 0 ? ` because of ${problems.join(', ')}` : ''}`, () => {
      assert.deepEqual(
        publishProblems(manifestOf(fields)).map(({field}) => field),
        problems,
      )
    })
  }
})
