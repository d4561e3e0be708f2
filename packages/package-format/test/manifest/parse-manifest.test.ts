import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {ManifestProblem, parseManifest} from '../../src/index.js'

const minimal = {name: '@acme/tool', version: '1.0.0', type: 'skill'}
const manifestOf = (fields: object) => parseManifest(JSON.stringify({...minimal, ...fields})).manifest

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
})
