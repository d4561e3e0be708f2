import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {createWorld} from '../support/world.js'

describe('a URL', () => {
  it('URL: any spelling is found, and the response is not cached', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    for (const url of ['/auth/whoami', '/%61uth/whoami', 'http://example.com/auth/whoami']) {
      const {status, headers} = await world.call('GET', url, {token})
      assert.deepEqual([status, headers['cache-control']], [200, 'no-store'], url)
    }
  })

  it('URL: a segment that is longer than any id is not found', async (t) => {
    const world = await createWorld(t)
    const {status, body, headers} = await world.call('DELETE', `/auth/tokens/${'a'.repeat(2000)}`)
    assert.deepEqual([status, (body as {error: {code: string}}).error.code], [404, 'NOT_FOUND'])
    assert.ok(headers['x-request-id'])
    const log = world.log.join('')
    assert.ok(!log.includes('"level":50') && !log.includes('aaaa'), log)
  })
})

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
