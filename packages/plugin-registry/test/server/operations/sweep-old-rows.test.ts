import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {pino} from 'pino'

import {OldRowSweeper} from '../../../src/server/operations/sweep-old-rows.js'
import {operator} from '../../../src/server/store/store.js'
import {githubClaims} from '../../support/oidc-issuer.js'
import {audience, createPublisherWorld} from '../../support/publishers.js'
import {unrestricted} from '../../support/unrestricted.js'
import {createWorld, day, minute, type World} from '../../support/world.js'

const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())

/** Creates tokens with idempotency keys. */
async function addKeys(world: World, session: string, count: number, prefix: string) {
  const add = (index: number) => {
    const id = `${prefix}${index}`
    const token = {
      ...{id, userId: 'id-of-ada', sessionId: session, label: id, hash: sha256(id), prefix: 'apkgt_', note: null},
      ...{lifetime: 'never', expiresAt: null, scopes: ['read' as const], patterns: []},
      ...unrestricted,
      idempotency: {key: sha256(`key ${id}`), fingerprint: sha256('body')},
    }
    return world.store.tokens.create(token, operator, world.now())
  }
  assert.deepEqual(
    new Set(await Promise.all(Array.from({length: count}, (_, index) => add(index)))),
    new Set(['created']),
  )
}

async function countKeys(world: World): Promise<number> {
  const [row] = await world.query('SELECT count(*) AS count FROM idempotency_keys')
  return row!['count']
}

async function withSession(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t)
  await world.addUser('ada')
  await world.store.policy.set({maxTokens: 10_000}, operator, world.now())
  const {accessToken} = await world.logIn('ada')
  const session = await world.store.credentials.find('session', sha256(accessToken))
  return {world, session: session!.id}
}

describe('sweeping old rows', () => {
  it('old rows: idempotency keys of more than 24 hours are deleted in batches, newer ones are kept', async (t) => {
    const {world, session} = await withSession(t)
    await addKeys(world, session, 700, 'old')
    world.pass(minute)
    await addKeys(world, session, 3, 'new')
    world.pass(day - minute)
    assert.equal(await world.store.oldRows.sweep('a', world.now()), 500)
    assert.equal(await world.store.oldRows.sweep('a', world.now()), 200)
    assert.equal(await world.store.oldRows.sweep('a', world.now()), 0)
    assert.equal(await countKeys(world), 3)
    const tokens = await world.store.tokens.list({kind: 'user', id: 'id-of-ada'}, {}, world.now())
    assert.equal(tokens.length, 703)
  })

  it('old rows: exchanged tokens are deleted after 30 days, when their ID tokens are refused as too old', async (t) => {
    const publishers = await createPublisherWorld(t)
    const {world, issuer} = publishers
    await publishers.add()
    const idToken = await issuer.sign(githubClaims(audience))
    assert.equal((await publishers.exchangeToken(idToken)).status, 201)
    world.pass(30 * day - minute)
    assert.equal(await world.store.oldRows.sweep('a', world.now()), 0)
    world.pass(minute)
    assert.equal(await world.store.oldRows.sweep('a', world.now()), 1)
    const {body} = await publishers.exchangeToken(idToken)
    assert.deepEqual(
      [body.error.code, body.error.message],
      ['OIDC_TOKEN_INVALID', 'The ID token is invalid: it has expired'],
    )
  })

  it('old rows: only one process deletes at a time', async (t) => {
    const {world, session} = await withSession(t)
    await addKeys(world, session, 600, 'old')
    world.pass(day)
    const {oldRows} = world.store
    assert.equal(await oldRows.sweep('first', world.now()), 500)
    assert.equal(await oldRows.sweep('second', world.now()), 0)
    await oldRows.release('first')
    assert.equal(await oldRows.sweep('second', world.now()), 100)
  })

  it('old rows: a running registry deletes them, unless it must not write', async (t) => {
    const {world, session} = await withSession(t)
    await addKeys(world, session, 600, 'old')
    world.pass(day)
    const log = pino({}, {write: () => undefined})
    const options = {store: world.store, clock: () => new Date(world.now()), log}
    await new OldRowSweeper({...options, isPaused: () => true}).stop()
    assert.equal(await countKeys(world), 600)
    const sweeper = new OldRowSweeper({...options, isPaused: () => false})
    while ((await countKeys(world)) > 0) await sleep(10)
    await sweeper.stop()
  })
})
