import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {packageInfo} from '../../../src/catalog/packument/package-info.js'
import {packageInfoText} from '../../../src/views/catalog/package-info.js'

const pipe = {isTerminal: false}
const now = new Date('2027-01-31T00:00:00Z')

describe('packageInfoText', () => {
  it('package info: shows times from now on a terminal', () => {
    const versions = {'1.0.0': {version: '1.0.0', publishedAt: '2027-01-28T00:00:00Z'}}
    const info = packageInfo({name: '@a/b', versions, createdAt: '2026-01-31T00:00:00Z'}, undefined)
    const text = packageInfoText(info, {isTerminal: true}, now)
    assert.match(text, /^Published: +3 days ago$/m)
    assert.match(text, /^ {2}1\.0\.0 3 days ago$/m)
    assert.match(packageInfoText(info, pipe, now), /^ {2}1\.0\.0 2027-01-28$/m)
  })

  it('package info: aligns facts on a terminal, and wraps them by words', () => {
    const keywords = Array.from({length: 8}, (_, index) => `keyword-${index}`)
    const versions = {'1.0.0': {version: '1.0.0', type: 'skill', keywords}}
    const text = packageInfoText(packageInfo({name: '@a/b', versions}, undefined), {isTerminal: true, columns: 60}, now)
    assert.match(text, /^Type: {6}skill\nKeywords: {2}keyword-0, keyword-1, keyword-2, keyword-3,\n {11}keyword-4, /m)
    assert.ok(
      text.split('\n').every((line) => line.length <= 60),
      text,
    )
    const dist = {integrity: `sha256-${'a'.repeat(43)}=`}
    const hashed = packageInfo({name: '@a/b', versions: {'1.0.0': {version: '1.0.0', dist}}} as never, undefined)
    const narrow = packageInfoText(hashed, {isTerminal: true, columns: 60}, now)
    assert.match(narrow, /^Integrity:\n {2}sha256-a{43}=$/m)
  })

  it('package info: shows a package with nothing but a name', () => {
    assert.equal(
      packageInfoText(packageInfo({name: '@a/b'}, undefined), pipe, now),
      '@a/b\n\nReadme: no\n\nVersions: none\n',
    )
  })

  it('package info: shows that a version is yanked or deprecated', () => {
    const versions = {'1.0.0': {version: '1.0.0', yanked: true, deprecated: 'broken'}}
    assert.equal(
      packageInfoText(packageInfo({name: '@a/b', versions, readme: '# B'}, undefined), pipe, now),
      '@a/b@1.0.0\nThis version is deprecated: broken\nThis version is yanked\n\nReadme: yes\n\n' +
        'Versions:\n  1.0.0 (yanked) (deprecated: broken)\n',
    )
  })

  it('package info: names the version that is installed instead of a yanked one', () => {
    const versions = Object.fromEntries(
      ['1.0.0', '1.1.0', '2.0.0-rc.1'].map((version) => [version, {version, yanked: version === '1.1.0'}]),
    )
    const info = packageInfo({name: '@a/b', versions, distTags: {latest: '1.1.0'}}, undefined)
    assert.match(
      packageInfoText(info, pipe, now),
      /^@a\/b@1\.1\.0\nThis version is yanked\. `apkg add` installs 1\.0\.0\n/,
    )
  })

  it('package info: escapes control characters and line breaks', () => {
    const evil = 'x\u001B[2J\nIntegrity: sha256-evil'
    const versions = {
      '1.0.0': {version: '1.0.0', type: evil, license: evil, deprecated: evil, dependencies: {[evil]: evil}},
    }
    const maintainers = [{username: evil, role: evil}]
    const packument = {name: '@a/b', description: evil, distTags: {[evil]: evil}, versions, maintainers}
    const text = packageInfoText(packageInfo(packument, undefined), pipe, now)
    assert.ok(!text.includes('\u001B'))
    assert.doesNotMatch(text, /^Integrity/m)
  })

  it('package info: sorts versions numerically, skips invalid ones, and falls back to the highest', () => {
    const versions = Object.fromEntries(['1.9.0', '1.10.0', 'x', '1.2.0'].map((version) => [version, {version}]))
    const info = packageInfo({name: '@a/b', versions}, undefined)
    assert.deepEqual(
      info.versions.map(({version}) => version),
      ['1.10.0', '1.9.0', '1.2.0'],
    )
    assert.equal(info.version?.version, '1.10.0')
  })

  for (const tag of ['constructor', '__proto__', 'toString']) {
    it(`package info: the tag ${tag} is not found`, () => {
      assert.throws(() => packageInfo({name: '@a/b', distTags: {}, versions: {}}, tag), {code: 'TAG_NOT_FOUND'})
    })
  }
})
