import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {resolveRegistryTarget, usualRegistry} from '../../src/registry/registry-target.js'

const flag = 'https://Flag.example/'
const variable = 'https://variable.example/v1/'
const configured = 'https://config.example'

describe('the registry', () => {
  for (const [what, given, env, config, registry] of [
    ['comes from --registry, if given', flag, {APKG_REGISTRY: variable}, configured, 'https://flag.example'],
    [
      'comes from APKG_REGISTRY without --registry',
      undefined,
      {APKG_REGISTRY: variable},
      configured,
      'https://variable.example/v1',
    ],
    ['comes from the configuration without either', undefined, {}, configured, configured],
    ['is the public registry by default', undefined, {}, undefined, 'https://api.apkg.ai'],
  ] as const) {
    it(`registry: ${what}`, () => {
      const target = resolveRegistryTarget(given, env, {...(config && {registry: config})})
      assert.deepEqual(target, {registry, services: {}})
    })
  }

  for (const blank of ['', ' ', '\t\n']) {
    it(`registry: cannot come from an APKG_REGISTRY that is ${JSON.stringify(blank)}`, () => {
      assert.throws(() => resolveRegistryTarget(undefined, {APKG_REGISTRY: blank}, {registry: configured}), {
        code: 'REGISTRY_BLANK',
        exitCode: 2,
        message: 'APKG_REGISTRY is set but blank',
        suggestions: [`set APKG_REGISTRY to the URL of a registry, or unset it`],
      })
    })
  }

  it('registry: can come from --registry if APKG_REGISTRY is blank', () => {
    assert.equal(resolveRegistryTarget(flag, {APKG_REGISTRY: ''}, {}).registry, 'https://flag.example')
  })

  for (const [origin, given, env, config] of [
    ['--registry', 'ftp://h.example', {}, {}],
    ['APKG_REGISTRY', undefined, {APKG_REGISTRY: 'ftp://h.example'}, {}],
    ['config `registry`', undefined, {}, {registry: 'ftp://h.example'}],
    ['config `services.auth`', undefined, {}, {services: {auth: 'ftp://h.example'}}],
  ] as const) {
    it(`registry: an invalid one is rejected with its origin (${origin})`, () => {
      assert.throws(() => resolveRegistryTarget(given, env, config), {
        code: 'REGISTRY_INVALID',
        exitCode: 2,
        message: `Invalid registry URL ftp://h.example (from ${origin}): it is not an https or http URL`,
      })
    })
  }
})

describe('an invalid configured registry', () => {
  const config = {registry: 'http://plain.example', services: {auth: 'https://auth.example'}}

  it('invalid configured registry: is ignored if another one is selected, and so are its services', () => {
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
    ['apply to the configured registry', undefined, {}, {registry: configured, services}, canonical],
    [
      'apply to the configured registry in another spelling',
      `${configured.toUpperCase()}/`,
      {},
      {registry: configured, services},
      canonical,
    ],
    [
      'apply to the configured registry from APKG_REGISTRY',
      undefined,
      {APKG_REGISTRY: configured},
      {registry: configured, services},
      canonical,
    ],
    ['apply to the public registry if none is configured', undefined, {}, {services}, canonical],
    ['do not apply to another registry from --registry', flag, {}, {registry: configured, services}, {}],
    [
      'do not apply to another registry from APKG_REGISTRY',
      undefined,
      {APKG_REGISTRY: variable},
      {registry: configured, services},
      {},
    ],
    ['do not apply to another registry if none is configured', flag, {}, {services}, {}],
  ] as const) {
    it(`service overrides: ${what}`, () => {
      assert.deepEqual(resolveRegistryTarget(given, env, config).services, applied)
    })
  }
})

describe('usualRegistry', () => {
  for (const [what, env, registry, expected] of [
    ['is the public registry by default', {}, undefined, 'https://api.apkg.ai'],
    ['is the configured one', {}, `${configured}/`, configured],
    ['is the configured one if APKG_REGISTRY is the same', {APKG_REGISTRY: `${configured}/`}, configured, configured],
    ['is unknown if APKG_REGISTRY is another one', {APKG_REGISTRY: variable}, configured, undefined],
    ['is unknown if APKG_REGISTRY is blank', {APKG_REGISTRY: ''}, configured, undefined],
    ['is unknown if the configured one is invalid', {}, 'nonsense', undefined],
  ] as const) {
    it(`usualRegistry: ${what}`, () => {
      assert.equal(usualRegistry(env, registry === undefined ? {} : {registry}), expected)
    })
  }
})
