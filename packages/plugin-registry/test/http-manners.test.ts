import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {createWorld} from './world.js'

describe('an address of any spelling', () => {
  it('is answered without being stored by caches, whatever its spelling', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    for (const url of ['/auth/whoami', '/%61uth/whoami', 'http://example.com/auth/whoami']) {
      const {status, headers} = await world.call('GET', url, {token})
      assert.deepEqual([status, headers['cache-control']], [200, 'no-store'], url)
    }
  })

  it('is a 404 where a segment is longer than any id', async (t) => {
    const world = await createWorld(t)
    const {status, body, headers} = await world.call('DELETE', `/auth/tokens/${'a'.repeat(2000)}`)
    assert.deepEqual([status, (body as {error: {code: string}}).error.code], [404, 'NOT_FOUND'])
    assert.ok(headers['x-request-id'])
    const log = world.log.join('')
    assert.ok(!log.includes('"level":50') && !log.includes('aaaa'), log)
  })
})

describe('the OpenAPI document', () => {
  it('says of which request the body may be left out', async (t) => {
    const world = await createWorld(t)
    const {body} = await world.call('GET', '/openapi.json')
    const {paths} = body as {paths: Record<string, {post?: {requestBody?: {required?: boolean}}}>}
    assert.equal(paths['/auth/logout']?.post?.requestBody?.required, false)
    assert.equal(paths['/auth/login']?.post?.requestBody?.required, true)
  })
})
