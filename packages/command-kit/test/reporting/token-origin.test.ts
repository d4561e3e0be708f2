import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {CredentialStore} from '../../src/credentials/credential-store.js'
import {Secret} from '../../src/credentials/secret.js'
import {elsewhereHints} from '../../src/reporting/token-origin.js'
import {loginOf, registryA, registryB} from '../support/stored-logins.js'
import {tempHome} from '../support/temp-home.js'

const refused = {variable: 'APKG_TOKEN', registry: 'https://r.example'}

describe('elsewhereHints', () => {
  it('elsewhereHints: there are none if nothing points elsewhere', async (t) => {
    const {path: home} = await tempHome(t)
    assert.deepEqual(await elsewhereHints(refused, {home, env: {APKG_TOKEN: 'x'}}), [])
    assert.deepEqual(await elsewhereHints(refused, {home, env: {APKG_TOKEN: 'x', APKG_TOKEN__A: 'y'}}), [])
    await new CredentialStore(home).save(loginOf(refused.registry, 'ada'))
    assert.deepEqual(await elsewhereHints(refused, {home, env: {APKG_TOKEN: 'access-ada'}}), [])
  })

  for (const [value, service] of [
    ['ghp_abc', 'GitHub'],
    ['github_pat_abc', 'GitHub'],
    ['glpat-abc', 'GitLab'],
    ['npm_abc', 'npm'],
    ['pypi-abc', 'PyPI'],
  ] as const) {
    it(`elsewhereHints: ${value} is a token of ${service}`, async (t) => {
      const {path: home} = await tempHome(t)
      assert.deepEqual(await elsewhereHints(refused, {home, env: {APKG_TOKEN: value}}), [
        `the value of APKG_TOKEN is a token of ${service}, not of https://r.example`,
      ])
    })
  }

  it('elsewhereHints: names the registry for which the same token is stored', async (t) => {
    const {path: home} = await tempHome(t)
    const store = new CredentialStore(home)
    await store.save({...loginOf(registryA, 'ada'), refreshToken: new Secret('')})
    await store.save(loginOf(registryB, 'bea'))
    assert.deepEqual(await elsewhereHints(refused, {home, env: {APKG_TOKEN: ' access-ada\n'}}), [
      `the token is for ${registryA}: add \`--registry ${registryA}\``,
    ])
  })

  it('elsewhereHints: names the variable with the same token for another registry', async (t) => {
    const {path: home} = await tempHome(t)
    const env = {APKG_TOKEN: 'x', APKG_TOKEN__OTHER_EXAMPLE: 'x'}
    assert.deepEqual(await elsewhereHints(refused, {home, env}), [
      'APKG_TOKEN__OTHER_EXAMPLE has the same token, so select its registry with --registry',
    ])
  })

  it('elsewhereHints: lists the registries with a login if it is not known which one the token is for', async (t) => {
    const {path: home} = await tempHome(t)
    await new CredentialStore(home).save(loginOf(registryA, 'ada'))
    for (const env of [{APKG_TOKEN: 'x'}, {}]) {
      assert.deepEqual(await elsewhereHints(refused, {home, env}), [
        `if the token is for ${registryA}, add \`--registry ${registryA}\``,
      ])
    }
  })

  it('elsewhereHints: stored logins that cannot be read are no obstacle', async (t) => {
    const home = await tempHome(t)
    await home.write('credentials.json', '{')
    assert.deepEqual(await elsewhereHints(refused, {home: home.path, env: {APKG_TOKEN: 'x'}}), [])
  })
})
