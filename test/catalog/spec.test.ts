import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {newestVersion, packageChoices} from '../../src/catalog/package-choices.js'
import {parseSpec, wishOf} from '../../src/catalog/spec.js'
import {choicesOf, integrityOf} from '../project/resolution/packages.js'

describe('an argument that names a package', () => {
  it('may hold a range or a tag after its name', () => {
    assert.deepEqual(parseSpec('@acme/tool'), {name: '@acme/tool', wanted: undefined})
    assert.deepEqual(parseSpec('@acme/tool@^1.2'), {name: '@acme/tool', wanted: '^1.2'})
    assert.deepEqual(parseSpec('@acme/tool@>=1 <3'), {name: '@acme/tool', wanted: '>=1 <3'})
    assert.deepEqual(parseSpec('@acme/tool@next'), {name: '@acme/tool', wanted: 'next'})
  })

  for (const text of [
    'tool',
    'tool@1',
    '@acme',
    '@acme/',
    '@acme/tool@',
    '@acme/tool@ ',
    '@acme/../x',
    '',
    '@',
    '@@',
    '@A/b',
  ]) {
    it(`cannot be \`${text}\``, () => assert.throws(() => parseSpec(text), {code: 'SPEC_INVALID', exitCode: 2}))
  }

  it('is shown without what a terminal would obey', () => {
    assert.throws(() => parseSpec('@acme/\u001b[2J'), {message: /^`@acme\/\\u\{1b\}\[2J` names no package/})
  })
})

describe('what is asked for', () => {
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
    it(`by \`${wanted ?? 'nothing'}\` is ${range}, and is saved as ${saved}`, () => {
      assert.deepEqual(wishOf(wanted, choices), {range, saved})
    })
  }

  for (const tag of ['beta', 'gone', 'constructor', '__proto__', 'toString']) {
    it(`cannot be the tag \`${tag}\`, which stands for nothing`, () => {
      assert.throws(() => wishOf(tag, choices), {
        code: 'TAG_NOT_FOUND',
        suggestions: ['run `apkg dist-tag ls @acme/tool`'],
      })
    })
  }

  it('by a tag on a yanked version cannot be had', () => {
    const yanked = choicesOf('@acme/tool', {versions: {'1.0.0': {}, '2.0.0': {yanked: true}}, latest: '2.0.0'})
    assert.throws(() => wishOf('latest', yanked), {code: 'TAG_NOT_FOUND'})
    assert.deepEqual(wishOf(undefined, yanked), {range: '1.0.0', saved: '^1.0.0'})
  })

  it('by nothing is the highest prerelease where there is nothing else', () => {
    const choices = choicesOf('@acme/tool', {versions: {'1.0.0-rc.2': {}, '1.0.0-rc.10': {}}})
    assert.deepEqual(wishOf(undefined, choices), {range: '1.0.0-rc.10', saved: '^1.0.0-rc.10'})
  })

  it('cannot be had of a package without a version', () => {
    assert.throws(() => wishOf(undefined, choicesOf('@acme/tool', {versions: {}})), {code: 'VERSION_NOT_FOUND'})
  })
})

describe('what a packument offers', () => {
  it('is sorted by version, build metadata included', () => {
    const versions = {'1.0.0+1': {}, '1.10.0': {}, '1.9.0': {}, '1.0.0+2': {}, '1.0.0-rc.1': {}}
    const {versions: sorted} = choicesOf('@acme/tool', {versions})
    assert.deepEqual(
      sorted.map(({version}) => version),
      ['1.10.0', '1.9.0', '1.0.0+2', '1.0.0+1', '1.0.0-rc.1'],
    )
  })

  it('leaves out what could not be installed', () => {
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

  it('has nothing newest where all is yanked', () => {
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
