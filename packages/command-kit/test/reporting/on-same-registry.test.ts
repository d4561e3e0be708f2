import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Config} from '@oclif/core'

import {onSameRegistry} from '../../src/reporting/on-same-registry.js'

const config = await Config.load({root: new URL('../../../..', import.meta.url).pathname, ignoreManifest: true})
const url = 'https://r.example'

describe('onSameRegistry', () => {
  for (const [text, expected] of [
    ['run `apkg update`', 'run `apkg update --registry https://r.example`'],
    ['run `apkg install` and commit it', 'run `apkg install --registry https://r.example` and commit it'],
    ['`apkg token list`, `apkg list`', '`apkg token list --registry https://r.example`, `apkg list`'],
    ['`apkg token revoke <id>`', '`apkg token revoke <id> --registry https://r.example`'],
    ['`apkg uninstall @ada/x`', '`apkg uninstall @ada/x --registry https://r.example`'],
  ] as const) {
    it(`onSameRegistry: repeats --registry in ${text}`, () => {
      assert.equal(onSameRegistry(text, ['@ada/x', '--registry', url], config), expected)
      assert.equal(onSameRegistry(text, [`--registry=${url}`], config), expected)
    })
  }

  for (const text of [
    'run `apkg setup`',
    'run `apkg help token create`',
    'see `apkg plugins …`',
    'run `apkg login --registry https://other.example`',
    'run `npm install`',
    'run apkg update',
  ]) {
    it(`onSameRegistry: doesn't change ${text}`, () => {
      assert.equal(onSameRegistry(text, ['--registry', url], config), text)
    })
  }

  it('onSameRegistry: changes nothing unless --registry was given before --', () => {
    for (const argv of [[], ['--json'], ['--', '--registry', url], ['--registry']])
      assert.equal(onSameRegistry('run `apkg update`', argv, config), 'run `apkg update`')
  })

  it('onSameRegistry: repeats the last --registry, quoted for a shell', () => {
    const argv = ['--registry', url, '--registry', 'https://r.example/a?b']
    assert.equal(onSameRegistry('`apkg whoami`', argv, config), "`apkg whoami --registry 'https://r.example/a?b'`")
  })

  for (const [text, expected] of [
    ['run `apkg login --registry https://r.example`', 'run `apkg login`'],
    ['run `apkg token show --registry https://r.example --org acme ci`', 'run `apkg token show --org acme ci`'],
    ['run `apkg update`', 'run `apkg update`'],
    ['run `apkg login --registry https://r.example/path`', 'run `apkg login --registry https://r.example/path`'],
    ['add `--registry https://r.example`', 'add `--registry https://r.example`'],
  ] as const) {
    it(`onSameRegistry: leaves the usual registry out of ${text}`, () => {
      for (const argv of [[], ['--registry', `${url}/`]])
        assert.equal(onSameRegistry(text, argv, config, url), expected)
    })
  }

  it('onSameRegistry: repeats a --registry that is not the usual one', () => {
    const argv = ['--registry', url]
    assert.equal(
      onSameRegistry('`apkg whoami`, `apkg login --registry https://other.example`', argv, config, 'https://o.example'),
      '`apkg whoami --registry https://r.example`, `apkg login --registry https://other.example`',
    )
  })
})
