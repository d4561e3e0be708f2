import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {createWorld} from '../support/world.js'

describe('a public URL with a path', () => {
  const publicUrl = new URL('https://example.com/tools/apkg/')

  it('public URL: routes work with its path, and without it behind a proxy that strips it', async (t) => {
    const world = await createWorld(t, {publicUrl})
    await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    for (const url of ['/auth/whoami', '/tools/apkg/auth/whoami', '/tools/apkg/auth/whoami?x=1']) {
      const {status, headers} = await world.call('GET', url, {token: accessToken})
      assert.equal(status, 200)
      assert.equal(headers['cache-control'], 'no-store')
    }
    const {id} = await world.createToken(accessToken, {name: 'ci'})
    assert.equal((await world.call('DELETE', `/tools/apkg/auth/tokens/${id}`, {token: accessToken})).status, 204)
    assert.equal((await world.call('DELETE', '/tools/apkg/auth/tokens/a%2Fb', {token: accessToken})).status, 404)
  })

  it('public URL: a longer path segment does not match', async (t) => {
    const world = await createWorld(t, {publicUrl})
    assert.equal((await world.call('GET', '/tools/apkgs/healthz')).status, 404)
    assert.equal((await world.call('GET', '/tools/healthz')).status, 404)
  })
})

describe('the address of a client', () => {
  const addressOfFailure = async (trustProxy: string[], t: Parameters<typeof createWorld>[0]) => {
    const world = await createWorld(t, {trustProxy})
    const body = {username: 'ada', password: 'not the password'}
    const headers = {'x-forwarded-for': '203.0.113.7', 'x-forwarded-host': 'evil.example'}
    await world.call('POST', '/auth/login', {body, headers, from: '10.1.2.3'})
    return (await world.store.audit.latest(1))[0]?.address
  }

  it('client address: the peer, without a trusted proxy', async (t) => {
    assert.equal(await addressOfFailure([], t), '10.1.2.3')
    assert.equal(await addressOfFailure(['192.168.0.0/16'], t), '10.1.2.3')
  })

  it('client address: X-Forwarded-For of a trusted proxy', async (t) => {
    assert.equal(await addressOfFailure(['10.0.0.0/8'], t), '203.0.113.7')
  })
})
