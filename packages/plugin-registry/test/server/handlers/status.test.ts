import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {authorStatement, generateKeyPair, keyIdOf, signWith, toBase64} from '@apkg/package-format/signing'

import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, type World} from '../../support/world.js'

const path = '/packages/status'
const baseUrl = 'https://registry.example'
const none = {takenDown: [], deprecated: [], yanked: [], compromised: [], unknown: []}

async function withTool(t: TestContext, fields: {visibility?: 'private'} = {}) {
  const world = await createWorld(t, {publicUrl: new URL(baseUrl)})
  await world.addUser('ada')
  await world.addUser('eve')
  const {accessToken: session} = await world.logIn('ada')
  for (const version of ['1.0.0', '1.1.0']) {
    await publish(world, session, await packageOf({name: '@ada/tool', version, ...fields}))
  }
  const ask = async (versions: string[], token?: string) =>
    world.call('POST', path, {body: {versions}, ...(token !== undefined && {token})})
  const takeDown = (version: string) =>
    world.store.packages.takeDown({name: '@ada/tool', version, reason: 'It stole keys'}, operator, world.now())
  return {world, session, ask, takeDown, eve: (await world.logIn('eve')).accessToken}
}

const at = (world: World) => new Date(world.now()).toISOString()

describe('status of versions', () => {
  it('status: lists takedowns, deprecations, yanked and unknown versions, each once, and nothing about other versions', async (t) => {
    const {world, session, ask, takeDown} = await withTool(t)
    assert.deepEqual((await ask(['@ada/tool@1.0.0', '@ada/tool@1.1.0'])).body, none)
    await takeDown('1.0.0')
    await world.call('PATCH', '/packages/@ada%2Ftool/1.1.0', {body: {deprecated: 'Use 2'}, token: session})
    await world.call('PUT', '/packages/@ada%2Ftool/1.1.0/yank', {body: {yanked: true}, token: session})
    const {status, body} = await ask(['@ada/tool@1.0.0', '@ada/tool@1.1.0', '@ada/tool@1.0.0', '@ada/tool@9.0.0'])
    assert.deepEqual(
      [status, body],
      [
        200,
        {
          takenDown: [{version: '@ada/tool@1.0.0', reason: 'It stole keys', at: at(world)}],
          deprecated: [{version: '@ada/tool@1.1.0', message: 'Use 2'}],
          yanked: ['@ada/tool@1.1.0'],
          compromised: [],
          unknown: ['@ada/tool@9.0.0'],
        },
      ],
    )
    await world.call('PATCH', '/packages/@ada%2Ftool', {body: {deprecated: 'Gone'}, token: session})
    assert.deepEqual((await ask(['@ada/tool@1.0.0'])).body.deprecated, [])
    assert.deepEqual((await ask(['@ada/tool@1.1.0'])).body.deprecated, [{version: '@ada/tool@1.1.0', message: 'Use 2'}])
  })

  it('status: lists versions that are signed with a key that was revoked as compromised', async (t) => {
    const {world, session, ask} = await withTool(t)
    const keys = [generateKeyPair(), generateKeyPair()]
    for (const [index, {publicKey, seed}] of keys.entries()) {
      await world.call('POST', '/auth/keys', {
        body: {publicKey: toBase64(publicKey), name: `key ${index}`},
        token: session,
      })
      const sent = await packageOf({name: '@ada/tool', version: `2.${index}.0`})
      const {integrity} = sent.metadata
      const signed = authorStatement({registry: baseUrl, name: '@ada/tool', version: `2.${index}.0`, integrity})
      const signature = {keyId: keyIdOf(publicKey), signature: signWith(seed, signed)}
      const answer = await publish(world, session, {...sent, metadata: {...sent.metadata, signature}})
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
    }
    for (const [index, reason] of ['key-compromise', 'superseded'].entries()) {
      const keyId = encodeURIComponent(keyIdOf(keys[index]!.publicKey))
      await world.call('POST', `/auth/keys/${keyId}/revoke`, {body: {reason}, token: session})
    }
    const compromised = [{version: '@ada/tool@2.0.0', keyId: keyIdOf(keys[0]!.publicKey), revokedAt: at(world)}]
    assert.deepEqual((await ask(['@ada/tool@2.0.0', '@ada/tool@2.1.0'])).body, {...none, compromised})
  })

  it('status: a package that the caller cannot read looks like one that does not exist', async (t) => {
    const {world, session, ask, takeDown, eve} = await withTool(t, {visibility: 'private'})
    await takeDown('1.0.0')
    const other = await world.createToken(session, {name: 'other', scopes: ['read'], packageScope: '@ada/other'})
    const own = await world.createToken(session, {name: 'own', scopes: ['read'], packageScope: '@ada/tool'})
    const versions = ['@ada/tool@1.0.0', '@ada/tool@1.1.0', '@ada/absent@1.0.0', '@nobody/tool@1.0.0']
    for (const token of [undefined, eve, other.token]) {
      const {status, body} = await ask(versions, token)
      assert.deepEqual([status, body], [200, {...none, unknown: versions}])
    }
    for (const token of [session, own.token]) {
      const {body} = await ask(versions, token)
      assert.deepEqual([body.takenDown.length, body.unknown], [1, versions.slice(2)])
    }
  })

  it('status: needs a credential if anonymous reading is off', async (t) => {
    const world = await createWorld(t, {anonymousRead: false})
    const answer = await world.call('POST', path, {body: {versions: []}})
    assert.deepEqual([answer.status, answer.body.error.code], [401, 'AUTH_MISSING'])
  })

  it('status: one request can name 1000 versions with the longest names, but not more, and no invalid version', async (t) => {
    const {ask} = await withTool(t)
    const longest = (index: number) => {
      const start = `@${'s'.repeat(100)}/`
      const name = `${start}${String(index).padStart(214 - start.length, 'n')}`
      return `${name}@1.0.0-${'p'.repeat(194)}`
    }
    const versions = Array.from({length: 1000}, (_, index) => longest(index))
    assert.equal(versions[0]?.length, 415)
    assert.deepEqual((await ask(versions)).body.unknown, versions)
    for (const bad of [[...versions, '@ada/tool@1.0.0'], ['@ada/tool'], ['@ada/tool@^1'], ['tool@1.0.0'], ['']]) {
      const {status, body} = await ask(bad)
      assert.deepEqual([status, body.error.code], [400, 'VALIDATION'])
    }
  })
})
