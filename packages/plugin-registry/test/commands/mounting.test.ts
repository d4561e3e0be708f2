import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {endpoints} from '@apkg/wire/protocol'

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

describe('the OpenAPI document', () => {
  it('OpenAPI: describes every endpoint from its schemas', async (t) => {
    const world = await createWorld(t, {publicUrl: new URL('https://example.com/apkg')})
    const {status, body} = await world.call('GET', '/openapi.json')
    assert.equal(status, 200)
    assert.equal(body.openapi, '3.1.0')
    assert.deepEqual(body.servers, [{url: 'https://example.com/apkg'}])
    const operations = Object.entries(body.paths as Record<string, Record<string, {operationId: string}>>)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, {operationId}]) => `${method} ${path} ${operationId}`),
      )
      .sort()
    const expected = Object.entries(endpoints).map(
      ([name, {method, path}]) => `${method.toLowerCase()} ${path} ${name}`,
    )
    assert.deepEqual(operations, [...expected, 'get /healthz health', 'get /readyz ready'].sort())
    const create = body.paths['/auth/tokens'].post
    assert.deepEqual(create.security, [{bearer: []}])
    assert.equal(create.requestBody.content['application/json'].schema.additionalProperties, false)
    assert.deepEqual(Object.keys(create.responses), ['201', 'default'])
    assert.deepEqual(Object.keys(create.responses.default.content), ['application/problem+json'])
    assert.ok(create.responses['201'].content['application/json'].schema.properties.token)
    assert.deepEqual(body.paths['/auth/login'].post.security, [])
    assert.deepEqual(body.paths['/search'].get.security, [{}, {bearer: []}])
  })

  it('OpenAPI: identical after a restart', async (t) => {
    const documents = [await createWorld(t), await createWorld(t)].map((world) => world.call('GET', '/openapi.json'))
    const [one, other] = await Promise.all(documents)
    assert.deepEqual(one?.body, other?.body)
  })
})
