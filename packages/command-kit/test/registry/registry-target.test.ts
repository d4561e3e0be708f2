import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {resolveRegistryTarget} from '../../src/registry/registry-target.js'

const flag = 'https://Flag.example/'
const variable = 'https://variable.example/v1/'
const configured = 'https://config.example'

describe('the registry', () => {
  for (const [what, given, env, config, registry] of [
    ['is the flag before all else', flag, {APKG_REGISTRY: variable}, configured, 'https://flag.example'],
    ['is the variable without a flag', undefined, {APKG_REGISTRY: variable}, configured, 'https://variable.example/v1'],
    ['is the configured one without either', undefined, {}, configured, configured],
    ['is the public one without any', undefined, {}, undefined, 'https://api.apkg.ai'],
  ] as const) {
    it(what, () => {
      const target = resolveRegistryTarget(given, env, {...(config && {registry: config})})
      assert.deepEqual(target, {registry, services: {}})
    })
  }

  for (const blank of ['', ' ', '\t\n']) {
    it(`is not taken from a variable that is set to ${JSON.stringify(blank)}`, () => {
      assert.throws(() => resolveRegistryTarget(undefined, {APKG_REGISTRY: blank}, {registry: configured}), {
        code: 'REGISTRY_BLANK',
        exitCode: 2,
        message: 'APKG_REGISTRY is set but blank',
        suggestions: [`set APKG_REGISTRY to the URL of a registry, or unset it`],
      })
    })
  }

  it('may be a flag beside a blank variable, which is not used then', () => {
    assert.equal(resolveRegistryTarget(flag, {APKG_REGISTRY: ''}, {}).registry, 'https://flag.example')
  })

  for (const [origin, given, env, config] of [
    ['--registry', 'ftp://h.example', {}, {}],
    ['APKG_REGISTRY', undefined, {APKG_REGISTRY: 'ftp://h.example'}, {}],
    ['config `registry`', undefined, {}, {registry: 'ftp://h.example'}],
    ['config `services.auth`', undefined, {}, {services: {auth: 'ftp://h.example'}}],
  ] as const) {
    it(`is refused with the place that it was found in: ${origin}`, () => {
      assert.throws(() => resolveRegistryTarget(given, env, config), {
        code: 'REGISTRY_INVALID',
        exitCode: 2,
        message: `Invalid registry URL ftp://h.example (from ${origin}): it is neither https nor http`,
      })
    })
  }
})

describe('a configured registry that is not usable', () => {
  const config = {registry: 'http://plain.example', services: {auth: 'https://auth.example'}}

  it("is in nobody's way who names another, and its services are not used", () => {
    const services = {}
    assert.deepEqual(resolveRegistryTarget(flag, {}, config), {
      registry: 'https://flag.example',
      services,
    })
    assert.deepEqual(resolveRegistryTarget(undefined, {APKG_REGISTRY: variable}, config), {
      registry: 'https://variable.example/v1',
      services,
    })
  })
})

describe('service overrides', () => {
  const services = {auth: 'https://auth.example/', token: 'https://token.example:443/x/'}
  const canonical = {auth: 'https://auth.example', token: 'https://token.example/x'}

  for (const [what, given, env, config, applied] of [
    ['hold for the configured registry', undefined, {}, {registry: configured, services}, canonical],
    [
      'hold for it in another spelling',
      `${configured.toUpperCase()}/`,
      {},
      {registry: configured, services},
      canonical,
    ],
    [
      'hold for it as the variable names it',
      undefined,
      {APKG_REGISTRY: configured},
      {registry: configured, services},
      canonical,
    ],
    ['hold for the public registry where none is configured', undefined, {}, {services}, canonical],
    ['do not follow a flag to another registry', flag, {}, {registry: configured, services}, {}],
    [
      'do not follow the variable to another registry',
      undefined,
      {APKG_REGISTRY: variable},
      {registry: configured, services},
      {},
    ],
    ['do not follow a flag away from the public registry', flag, {}, {services}, {}],
  ] as const) {
    it(what, () => {
      assert.deepEqual(resolveRegistryTarget(given, env, config).services, applied)
    })
  }
})
