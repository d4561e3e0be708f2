import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {toolNames} from '@apkg/wire'

import {configKey, presentSettings} from '../../../src/machine/settings/config-keys.js'

const names = [
  'registry',
  'symlinkClaudeMd',
  'services.auth',
  'services.package',
  'services.mfa',
  'services.search',
  'services.key',
  'services.token',
  'services.registry',
  ...toolNames.map((tool) => `defaultSetup.${tool}`),
]

describe('config keys', () => {
  it('config keys: all settings are listed in a fixed order', () => {
    const url = 'https://r.example'
    const services = Object.fromEntries(
      ['token', 'registry', 'key', 'search', 'mfa', 'package', 'auth'].map((name) => [name, url]),
    )
    const defaultSetup = Object.fromEntries([...toolNames].reverse().map((tool) => [tool, true]))
    const config = {defaultSetup, services, symlinkClaudeMd: true, registry: url}
    assert.deepEqual(
      Object.entries(presentSettings(config)),
      names.map((name) => [name, name.startsWith('services.') || name === 'registry' ? url : true]),
    )
    assert.deepEqual(presentSettings({}), {})
  })

  for (const name of ['', 'Registry', 'services', 'services.', '__proto__', 'constructor', 'defaultSetup.vim']) {
    it(`config keys: ${JSON.stringify(name)} is unknown`, () => {
      assert.throws(() => configKey(name), {
        code: 'CONFIG_KEY_UNKNOWN',
        exitCode: 2,
        message: `Unknown config key: ${name}`,
        suggestions: [`use one of: ${names.join(', ')}`],
      })
    })
  }

  for (const [name, text, value] of [
    ['registry', 'HTTPS://R.example:443/v1/', 'https://r.example/v1'],
    ['services.token', 'http://localhost:8080/', 'http://localhost:8080'],
    ['symlinkClaudeMd', 'false', false],
    ['symlinkClaudeMd', '0', false],
    ['defaultSetup.claude-code', 'true', true],
    ['defaultSetup.codex', '1', true],
  ] as const) {
    it(`config keys: ${name} can be set to ${text}, read and deleted`, () => {
      const others: object = {other: {kept: true}}
      const {set, get, ...key} = configKey(name)
      assert.equal(get({...others}), undefined)
      const changed = set({...others}, text)
      assert.equal(get(changed), value)
      assert.deepEqual({...changed, ...others}, changed)
      const removed = key.delete(changed)
      assert.equal(get(removed), undefined)
      assert.deepEqual({...removed, ...others}, removed)
    })
  }

  it('config keys: unknown services can be read and deleted, but not set', () => {
    const config = {services: {other: 'https://o.example', 'a.b': 'https://ab.example', auth: 'https://a.example'}}
    assert.deepEqual(Object.entries(presentSettings(config)), [
      ['services.auth', 'https://a.example'],
      ['services.other', 'https://o.example'],
      ['services.a.b', 'https://ab.example'],
    ])
    for (const name of ['other', 'a.b']) {
      const key = configKey(`services.${name}`)
      assert.equal(key.get({}), undefined)
      assert.equal(key.get(config), config.services[name as 'other'])
      assert.throws(() => key.set(config, 'https://x.example'), {
        code: 'CONFIG_KEY_UNKNOWN',
        exitCode: 2,
        message: `Unknown config key: services.${name}`,
        suggestions: [`use one of: ${names.join(', ')}`],
      })
      const {services} = key.delete(config)
      assert.deepEqual(services, Object.fromEntries(Object.entries(config.services).filter(([each]) => each !== name)))
    }
  })

  for (const [name, fallback] of [
    ['registry', 'https://api.apkg.ai'],
    ['symlinkClaudeMd', false],
    ['services.search', 'https://api.apkg.ai'],
    ['defaultSetup.cursor', undefined],
  ] as const) {
    it(`config keys: the default of ${name} is ${String(fallback)}`, () => {
      assert.equal(configKey(name).fallback?.({}), fallback)
    })
  }

  it('config keys: a service defaults to the configured registry', () => {
    assert.equal(configKey('services.search').fallback?.({registry: 'https://r.example'}), 'https://r.example')
  })

  it('config keys: changes do not modify the given settings', () => {
    const config = Object.freeze({services: Object.freeze({auth: 'https://a.example'})})
    configKey('services.token').set(config, 'https://t.example')
    configKey('services.auth').delete(config)
    configKey('symlinkClaudeMd').set(config, 'true')
    assert.deepEqual(config, {services: {auth: 'https://a.example'}})
  })
})
