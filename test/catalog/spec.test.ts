import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {newestVersion, packageChoices} from '../../src/catalog/package-choices.js'
import {parseSpec, requirementOf} from '../../src/catalog/spec.js'
import {choicesOf, integrityOf} from '../project/resolution/packages.js'

describe('parseSpec', () => {
  it('spec: a name can lack a scope', () => {
    assert.deepEqual(parseSpec('tool'), {name: 'tool', wanted: undefined})
    assert.deepEqual(parseSpec('tool@^1'), {name: 'tool', wanted: '^1'})
  })

  it('spec: a range or a tag can follow the name', () => {
    assert.deepEqual(parseSpec('@acme/tool'), {name: '@acme/tool', wanted: undefined})
    assert.deepEqual(parseSpec('@acme/tool@^1.2'), {name: '@acme/tool', wanted: '^1.2'})
    assert.deepEqual(parseSpec('@acme/tool@>=1 <3'), {name: '@acme/tool', wanted: '>=1 <3'})
    assert.deepEqual(parseSpec('@acme/tool@next'), {name: '@acme/tool', wanted: 'next'})
  })

  for (const text of [
    '@acme',
    '@acme/',
    '@acme/tool@',
    '@acme/tool@ ',
    '@acme/../x',
    '..',
    'a/b',
    'Tool',
    '-tool',
    '',
    '@',
    '@@',
    '@A/b',
  ]) {
    it(`spec: \`${text}\` is invalid`, () => assert.throws(() => parseSpec(text), {code: 'SPEC_INVALID', exitCode: 2}))
  }

  it('spec: an error escapes control characters', () => {
    assert.throws(() => parseSpec('@acme/\u001b[2J'), {message: /^`@acme\/\\u\{1b\}\[2J` is not a valid package spec/})
  })
})

describe('requirementOf', () => {
  const choices = packageChoices({
    ...packumentOf(['1.0.0', '1.1.0', '2.0.0', '3.0.0-rc.1']),
    distTags: {latest: '1.1.0', next: '3.0.0-rc.1', '1': '2.0.0', stable: '2.0.0', gone: '9.9.9'},
  })

  for (const [wanted, range, saved] of [
    [undefined, '1.1.0', '^1.1.0'],
    ['latest', '1.1.0', '^1.1.0'],
    ['next', '3.0.0-rc.1', '^3.0.0-rc.1'],
    ['stable', '2.0.0', '^2.0.0'],
    ['1', '1', '1'],
    ['1.0.0', '1.0.0', '1.0.0'],
    ['~1.0', '~1.0', '~1.0'],
    ['*', '*', '*'],
  ] as const) {
    it(`requirement: \`${wanted ?? 'nothing'}\` resolves to ${range} and is saved as ${saved}`, () => {
      assert.deepEqual(requirementOf(wanted, choices), {range, saved})
    })
  }

  for (const tag of ['beta', 'gone', 'constructor', '__proto__', 'toString']) {
    it(`requirement: the tag \`${tag}\` is not found`, () => {
      assert.throws(() => requirementOf(tag, choices), {
        code: 'TAG_NOT_FOUND',
        suggestions: ['run `apkg dist-tag ls @acme/tool` to list its dist-tags'],
      })
    })
  }

  it('requirement: a tag on a yanked version is not found', () => {
    const yanked = choicesOf('@acme/tool', {versions: {'1.0.0': {}, '2.0.0': {yanked: true}}, latest: '2.0.0'})
    assert.throws(() => requirementOf('latest', yanked), {code: 'TAG_NOT_FOUND'})
    assert.deepEqual(requirementOf(undefined, yanked), {range: '1.0.0', saved: '^1.0.0'})
  })

  it('requirement: without stable versions, the default is the highest prerelease', () => {
    const choices = choicesOf('@acme/tool', {versions: {'1.0.0-rc.2': {}, '1.0.0-rc.10': {}}})
    assert.deepEqual(requirementOf(undefined, choices), {range: '1.0.0-rc.10', saved: '^1.0.0-rc.10'})
  })

  it('requirement: a package without versions is an error', () => {
    assert.throws(() => requirementOf(undefined, choicesOf('@acme/tool', {versions: {}})), {code: 'VERSION_NOT_FOUND'})
  })
})

describe('packageChoices', () => {
  it('package choices: are sorted by version, including build metadata', () => {
    const versions = {'1.0.0+1': {}, '1.10.0': {}, '1.9.0': {}, '1.0.0+2': {}, '1.0.0-rc.1': {}}
    const {versions: sorted} = choicesOf('@acme/tool', {versions})
    assert.deepEqual(
      sorted.map(({version}) => version),
      ['1.10.0', '1.9.0', '1.0.0+2', '1.0.0+1', '1.0.0-rc.1'],
    )
  })

  it('package choices: skip versions that cannot be installed', () => {
    const packument = packumentOf(['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', 'v1.6.0', '../../x', '1.7.0'])
    const {versions} = packument
    versions['1.1.0']!.dist!.integrity = 'sha512-abc'
    versions['1.2.0']!.dist!.integrity += ` ${integrityOf('@acme/tool', '1.0.0')}`
    versions['1.3.0']!.dependencies = {'../../x': '*'}
    versions['1.4.0']!.dependencies = {'@acme/other': 'latest'}
    versions['1.5.0']!.version = '1.0.0'
    delete versions['1.7.0']!.dist
    assert.deepEqual(
      packageChoices(packument).versions.map(({version}) => version),
      ['1.0.0'],
    )
  })

  it('package choices: lack a newest version if all are yanked', () => {
    assert.equal(newestVersion(choicesOf('@acme/tool', {versions: {'1.0.0': {yanked: true}}})), undefined)
  })
})

interface VersionOf {
  version: string
  dist?: {tarball: string; integrity: string}
  dependencies?: Record<string, string>
}

function packumentOf(versions: string[]): {name: string; versions: Record<string, VersionOf>} {
  const entries = versions.map((version): [string, VersionOf] => {
    const dist = {tarball: 'https://elsewhere.example/x', integrity: integrityOf('@acme/tool', version)}
    return [version, {version, dist}]
  })
  return {name: '@acme/tool', versions: Object.fromEntries(entries)}
}
