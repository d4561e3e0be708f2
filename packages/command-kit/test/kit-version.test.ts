import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {it} from 'node:test'

import {isCompatibleKit, kitVersion} from '../src/kit-version.js'

it('kitVersion: is the version in package.json', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {version: string}
  assert.equal(kitVersion, manifest.version)
})

for (const [builtOn, version, expected] of [
  ['0.1.0', '0.1.7', true],
  ['0.1.9', '0.1.0', true],
  ['0.1.0', '0.2.0', false],
  ['0.2.0', '0.1.0', false],
  ['0.1.0', '1.0.0', false],
  ['1.0.0', '1.9.2', true],
  ['1.9.0', '2.0.0', false],
  ['2.0.0-beta.1', '2.1.0', true],
  ['', '0.1.0', false],
] as const) {
  it(`kit version: ${version} is ${expected ? '' : 'not '}compatible with commands built with ${builtOn || 'an unknown version'}`, () => {
    assert.equal(isCompatibleKit(builtOn, version), expected)
  })
}
