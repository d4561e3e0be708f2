import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {createWorld, day, hour} from '../../../support/world.js'

async function withTokens(t: TestContext, lifetimes: Record<string, string>) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const ids: Record<string, string> = {}
  for (const [name, expiresIn] of Object.entries(lifetimes)) {
    ids[name] = (await world.createToken(session, {name, expiresIn})).id
  }
  /** The notices after some time. */
  const after = async (time: number) => {
    world.pass(time)
    const added = await world.store.webhooks.noteExpiring('holder', world.now())
    const rows = await world.store.audit.latest(100, {action: 'token.expiring'})
    return rows.slice(0, added).map(({detail}) => `${String(detail['label'])} ${String(detail['days'])}`)
  }
  return {world, session, ids, after}
}

describe('notices of tokens that expire soon', () => {
  it('token.expiring: recorded once 14 days and once 3 days before the end', async (t) => {
    const {world, ids, after} = await withTokens(t, {ci: '30d', later: '1y', never: 'never'})
    assert.deepEqual(await after(0), [])
    assert.deepEqual(await after(16 * day - 1), [])
    assert.deepEqual(await after(1), ['ci 14'])
    assert.deepEqual(await after(day), [])
    assert.deepEqual(await after(10 * day), ['ci 3'])
    assert.deepEqual(await after(day), [])
    assert.deepEqual(await after(2 * day), [])
    const [row] = await world.store.audit.latest(1, {action: 'token.expiring'})
    assert.deepEqual([row?.name, row?.target], ['(registry)', ids['ci']])
    assert.deepEqual(row?.detail, {label: 'ci', owner: 'ada', expiresAt: '2026-12-23T12:00:00.000Z', days: 3})
  })

  it('token.expiring: not recorded early for tokens that were never valid for longer', async (t) => {
    const {after} = await withTokens(t, {week: '7d', day: '1d'})
    assert.deepEqual(await after(hour), [])
    assert.deepEqual(await after(4 * day), ['week 3'])
    assert.deepEqual(await after(hour), [])
  })

  it('token.expiring: after a long downtime, only the later notice is recorded', async (t) => {
    const {after} = await withTokens(t, {ci: '30d'})
    assert.deepEqual(await after(28 * day), ['ci 3'])
    assert.deepEqual(await after(day), [])
  })

  it('token.expiring: recorded again for the new value of a rotated token, and not for a revoked one', async (t) => {
    const {world, ids, after} = await withTokens(t, {rotated: '30d', revoked: '30d'})
    assert.deepEqual((await after(17 * day)).sort(), ['revoked 14', 'rotated 14'])
    const {accessToken: session} = await world.logIn('ada')
    await world.call('POST', `/auth/tokens/${ids['rotated']}/rotate`, {token: session})
    await world.call('DELETE', `/auth/tokens/${ids['revoked']}`, {token: session})
    assert.deepEqual(await after(12 * day), [])
    assert.deepEqual(await after(5 * day), ['rotated 14'])
    assert.deepEqual(await after(11 * day), ['rotated 3'])
  })

  it('token.expiring: only the holder of the lease records it', async (t) => {
    const {world, after} = await withTokens(t, {ci: '30d'})
    assert.deepEqual(await after(20 * day), ['ci 14'])
    assert.equal(await world.store.webhooks.noteExpiring('another', world.now()), 0)
  })
})
