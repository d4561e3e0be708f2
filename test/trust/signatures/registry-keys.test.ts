import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, it, type TestContext} from 'node:test'

import {
  generateKeyPair,
  keyIdOf,
  keyRotationStatement,
  signWith,
  toBase64,
  type KeyPair,
} from '@apkg/package-format/signing'
import type {SigningKeyList} from '@apkg/wire/protocol'

import {pinnedKeys, trustedKeys} from '../../../src/trust/signatures/registry-keys.js'
import {clientOf} from '../../support/client.js'
import {tempFolder} from '../../support/temp-folder.js'

type Listed = SigningKeyList['keys'][0]

const end = '9999-12-31T23:59:59.999Z'
const rotatedAt = '2026-03-01T00:00:00.000Z'

/** A registry that lists the given keys; undefined removes the endpoint. */
async function startKeys(t: TestContext) {
  const shown: {keys: Listed[] | undefined} = {keys: []}
  const server = createServer((_, response) => {
    const {keys} = shown
    const body = keys ? {keys} : {error: {code: 'NOT_FOUND', message: 'There is no such endpoint', details: []}}
    response.writeHead(keys ? 200 : 404, {'content-type': 'application/json'}).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const home = await tempFolder(t)
  const ids = async () => [...(await trustedKeys(clientOf(registry), home)).keys()]
  return {shown, registry, home, ids, trusted: () => trustedKeys(clientOf(registry), home)}
}

function listed({publicKey}: KeyPair, changes: Partial<Listed> = {}): Listed {
  const key = {keyId: keyIdOf(publicKey), publicKey: toBase64(publicKey), algorithm: 'ed25519', status: 'active'}
  return {...key, createdAt: '2026-01-01T00:00:00.000Z', expiresAt: end, ...changes}
}

/** @param by the key that signs the rotation. */
function successor(next: KeyPair, old: KeyPair, by = old): Listed {
  const ids = {oldKeyId: keyIdOf(old.publicKey), newKeyId: keyIdOf(next.publicKey)}
  const statement = keyRotationStatement({...ids, newPublicKey: toBase64(next.publicKey), rotatedAt})
  return listed(next, {rotatedFrom: {keyId: ids.oldKeyId, rotatedAt, signature: signWith(by.seed, statement)}})
}

const changed = {code: 'REGISTRY_KEY_CHANGED'}

describe('registry keys', () => {
  const [first, second, third] = [generateKeyPair(), generateKeyPair(), generateKeyPair()]
  const id = ({publicKey}: KeyPair) => keyIdOf(publicKey)
  const retired = listed(first, {status: 'retired', expiresAt: rotatedAt})

  it('registry keys: are trusted and pinned when first seen', async (t) => {
    const {shown, registry, home, ids} = await startKeys(t)
    shown.keys = [listed(first)]
    assert.deepEqual(await ids(), [id(first)])
    assert.deepEqual([...(await pinnedKeys(registry, home)).keys()], [id(first)])
  })

  it('registry keys: follow rotations that each old key signed, in any order', async (t) => {
    const {shown, ids} = await startKeys(t)
    shown.keys = [listed(first)]
    await ids()
    shown.keys = [successor(third, second), {...successor(second, first), status: 'retired'}, retired]
    assert.deepEqual((await ids()).sort(), [id(first), id(second), id(third)].sort())
    shown.keys = [successor(third, second)]
    assert.ok((await ids()).includes(id(third)))
  })

  it('registry keys: a new key that no pinned key signed is not trusted', async (t) => {
    for (const unknown of [listed(second), successor(second, first, third)]) {
      const {shown, ids} = await startKeys(t)
      shown.keys = [listed(first)]
      await ids()
      shown.keys = [retired, unknown]
      await assert.rejects(ids(), changed)
      shown.keys = [listed(first), unknown]
      assert.deepEqual(await ids(), [id(first)])
    }
  })

  it('registry keys: a changed key under the same id, or no keys, is an error', async (t) => {
    const {shown, ids} = await startKeys(t)
    shown.keys = [listed(first)]
    await ids()
    for (const keys of [[listed(second, {keyId: id(first)})], [], undefined]) {
      shown.keys = keys
      await assert.rejects(ids(), changed)
    }
  })

  it('registry keys: a revoked key stays revoked, and its successors are not trusted', async (t) => {
    const {shown, registry, home, ids, trusted} = await startKeys(t)
    shown.keys = [listed(first), successor(second, first)]
    await ids()
    shown.keys = [listed(first, {status: 'revoked'}), listed(second), successor(third, first)]
    assert.deepEqual(await ids(), [id(first), id(second)])
    shown.keys = [listed(first), listed(second), successor(third, first)]
    const after = await trusted()
    assert.deepEqual([after.has(id(third)), after.get(id(first))?.isRevoked], [false, true])
    assert.equal((await pinnedKeys(registry, home)).get(id(first))?.isRevoked, true)
  })

  it('registry keys: an expiry can only move to an earlier time', async (t) => {
    const {shown, ids, trusted} = await startKeys(t)
    shown.keys = [listed(first), successor(second, first)]
    await ids()
    shown.keys = [retired, successor(second, first)]
    await ids()
    shown.keys = [listed(first), successor(second, first)]
    assert.equal((await trusted()).get(id(first))?.expiresAt, Date.parse(rotatedAt))
  })

  const forgeries: [what: string, forge: (key: Listed) => Listed][] = [
    ['that it has expired', (key) => ({...key, expiresAt: '2020-01-01T00:00:00.000Z'})],
    ['that it is retired', (key) => ({...key, status: 'retired', expiresAt: '2020-01-01T00:00:00.000Z'})],
    ['that it is revoked', (key) => ({...key, status: 'revoked'})],
    ['an unknown status', (key) => ({...key, status: 'burnt', expiresAt: 'never'})],
  ]
  for (const [what, forge] of forgeries) {
    it(`registry keys: one forged list that says of a key ${what} does not invalidate it permanently`, async (t) => {
      const honest = [{...retired}, successor(second, first)]
      const {shown, trusted, registry, home} = await startKeys(t)
      shown.keys = [listed(first)]
      await trusted()
      const before = await pinnedKeys(registry, home)
      shown.keys = [forge(listed(first))]
      await trusted().catch(() => undefined)
      assert.deepEqual(await pinnedKeys(registry, home), before)
      shown.keys = [listed(first)]
      assert.equal((await trusted()).get(id(first))?.expiresAt, Date.parse(end))
      shown.keys = honest
      await trusted()
      // The rotation is genuine, and its signature can be copied.
      shown.keys = [forge(retired), successor(second, first)]
      await trusted().catch(() => undefined)
      shown.keys = [retired, forge(successor(second, first))]
      await trusted().catch(() => undefined)
      shown.keys = honest
      const after = await trusted()
      assert.deepEqual(
        [first, second].map((key) => [after.get(id(key))?.isRevoked, after.get(id(key))?.expiresAt]),
        [
          [false, Date.parse(rotatedAt)],
          [false, Date.parse(end)],
        ],
      )
    })

    it(`registry keys: a forged first list that says of a key ${what} does not invalidate it permanently`, async (t) => {
      const {shown, trusted} = await startKeys(t)
      shown.keys = [forge(listed(first))]
      await trusted()
      shown.keys = [listed(first)]
      const key = (await trusted()).get(id(first))
      assert.deepEqual([key?.isRevoked, key?.expiresAt], [false, Date.parse(end)])
    })
  }

  it('registry keys: a retirement or revocation applies as long as it is reported, even if no successor proves it', async (t) => {
    const {shown, trusted} = await startKeys(t)
    shown.keys = [listed(first), listed(second)]
    await trusted()
    shown.keys = [listed(first, {status: 'revoked'}), listed(second)]
    assert.equal((await trusted()).get(id(first))?.isRevoked, true)
    shown.keys = [listed(first, {status: 'retired', expiresAt: rotatedAt}), listed(second)]
    assert.equal((await trusted()).get(id(first))?.expiresAt, Date.parse(rotatedAt))
  })

  it('registry keys: a registry without signing keys has none', async (t) => {
    const {shown, ids} = await startKeys(t)
    shown.keys = undefined
    assert.deepEqual(await ids(), [])
  })
})
