import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import type {ServerConfig} from '../../../src/server/config.js'
import {VerifiedAddresses} from '../../../src/server/http/verified-address.js'
import {createWorld, type World} from '../../support/world.js'

const allowed = '203.0.113.7'

/** A registry with a token that is limited to ranges of addresses. */
async function withToken(
  t: TestContext,
  {addresses = ['203.0.113.0/24'], ...config}: Partial<ServerConfig> & {addresses?: string[]} = {},
) {
  const world = await createWorld(t, config)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const request = {name: 'ci', scopes: ['admin'], addresses}
  const {token, id} = await world.createToken(session, request)
  return {world, session, token, id}
}

const whoamiFrom = (world: World, token: string, from: string, forwarded?: string) =>
  world.call('GET', '/auth/whoami', {
    token,
    from,
    ...(forwarded !== undefined && {headers: {'x-forwarded-for': forwarded}}),
  })

describe('a token that is limited to addresses', () => {
  it('address restriction: the response to the creation, whoami and the list name the ranges', async (t) => {
    const {world, session, token} = await withToken(t, {
      addresses: ['203.0.113.0/24', '::ffff:192.0.2.1', '203.0.113.0/24'],
    })
    const ranges = ['203.0.113.0/24', '192.0.2.1/32']
    assert.deepEqual((await whoamiFrom(world, token, allowed)).body.credential.addresses, ranges)
    const [listed] = (await world.call('GET', '/auth/tokens', {token: session})).body.tokens
    assert.deepEqual(listed.addresses, ranges)
    const [row] = await world.store.audit.latest(1, {action: 'token.create'})
    assert.deepEqual((row?.detail as {addresses?: unknown}).addresses, ranges)
  })

  it('address restriction: other addresses get 403 with the address that the registry saw, and nothing else', async (t) => {
    const {world, token} = await withToken(t)
    const {status, body, headers} = await whoamiFrom(world, token, '198.51.100.9')
    assert.equal(status, 403)
    assert.equal(body.error.code, 'ADDRESS_REFUSED')
    assert.equal(body.error.message, 'The token "ci" cannot be used from 198.51.100.9')
    assert.deepEqual([headers['apkg-credential'], headers['apkg-credential-expires']], [undefined, undefined])
    assert.equal((await whoamiFrom(world, token, allowed)).status, 200)
  })

  for (const [title, range, from, status] of [
    ['an IPv4 address as IPv6', '203.0.113.0/24', '::ffff:203.0.113.7', 200],
    ['an IPv6 address in its range', '2001:db8::/32', '2001:db8::7', 200],
    ['an IPv6 address in no range', '2001:db8::/32', '2001:db9::7', 403],
    ['an IPv4 address, if all IPv6 addresses are allowed', '::/0', '203.0.113.7', 403],
  ] as const) {
    it(`address restriction: ${title} is ${status === 200 ? 'accepted' : 'refused'}`, async (t) => {
      const {world, token} = await withToken(t, {addresses: [range]})
      assert.equal((await whoamiFrom(world, token, from)).status, status)
    })
  }

  it('address restriction: X-Forwarded-For counts only from a trusted proxy', async (t) => {
    const direct = await withToken(t)
    assert.equal((await whoamiFrom(direct.world, direct.token, '198.51.100.9', allowed)).status, 403)
    const proxied = await withToken(t, {trustProxy: ['10.0.0.0/8']})
    assert.equal((await whoamiFrom(proxied.world, proxied.token, '10.1.2.3', allowed)).status, 200)
    assert.equal((await whoamiFrom(proxied.world, proxied.token, '198.51.100.9', allowed)).status, 403)
  })

  it('address restriction: an address that a client adds to X-Forwarded-For itself is ignored', async (t) => {
    const {world, token} = await withToken(t, {trustProxy: ['10.0.0.0/8']})
    assert.equal((await whoamiFrom(world, token, '10.1.2.3', `${allowed}, 198.51.100.9`)).status, 403)
    assert.equal((await whoamiFrom(world, token, '10.1.2.3', `198.51.100.9, ${allowed}`)).status, 200)
    assert.equal((await whoamiFrom(world, token, '10.1.2.3', `${allowed}, 198.51.100.9, 10.9.9.9`)).status, 403)
  })

  for (const [title, proxy, from, forwarded] of [
    ['without a forwarded address', '10.0.0.0/8', '10.1.2.3', undefined],
    ['with an empty one', '10.0.0.0/8', '10.1.2.3', ''],
    ['with an unreadable one', '10.0.0.0/8', '10.1.2.3', 'unknown'],
    ['with an unreadable one after an allowed one', '10.0.0.0/8', '10.1.2.3', '10.7.7.7, _hidden'],
    ['with its own one', '10.0.0.0/8', '10.1.2.3', '10.1.2.3'],
    ['with that of another trusted proxy', '10.0.0.0/8', '10.1.2.3', '10.7.7.7'],
    ['that has an IPv6 address', 'fe80::/10', 'fe80::1', undefined],
    ['whose IPv4 address is mapped to IPv6', '10.1.2.3', '::ffff:10.1.2.3', undefined],
  ] as const) {
    it(`address restriction: a trusted proxy ${title} is refused, even if the token is limited to its address`, async (t) => {
      const addresses = ['10.0.0.0/8', 'fe80::/10']
      const {world, token} = await withToken(t, {trustProxy: [proxy], addresses})
      const {status, body} = await whoamiFrom(world, token, from, forwarded)
      assert.equal(status, 403)
      assert.equal(
        body.error.message,
        'The token "ci" is limited to certain addresses, and the registry cannot see the address of this client',
      )
    })
  }

  it('address restriction: sessions and other tokens are not bound', async (t) => {
    const {world, session} = await withToken(t)
    const {token: other} = await world.createToken(session, {name: 'other', addresses: null})
    for (const each of [session, other]) assert.equal((await whoamiFrom(world, each, '198.51.100.9')).status, 200)
  })

  it('address restriction: a refusal is not a use, so it starts no grace period, and a rotated token is still limited', async (t) => {
    const {world, session, token, id} = await withToken(t)
    await whoamiFrom(world, token, allowed)
    const {body: rotated} = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    assert.deepEqual(rotated.addresses, ['203.0.113.0/24'])
    assert.equal((await whoamiFrom(world, rotated.token, '198.51.100.9')).status, 403)
    world.pass(30 * 86_400_000)
    assert.equal((await whoamiFrom(world, token, allowed)).status, 200)
    assert.equal((await whoamiFrom(world, rotated.token, allowed)).status, 200)
    world.pass(86_400_000)
    assert.equal((await whoamiFrom(world, token, allowed)).status, 401)
  })

  it('address restriction: refusals are recorded, and never slow anyone down', async (t) => {
    const {world, token, id} = await withToken(t)
    for (let count = 0; count < 100; count++) {
      assert.equal((await whoamiFrom(world, token, '198.51.100.9')).status, 403)
    }
    await world.app.close()
    const [row] = await world.store.audit.latest(1)
    assert.deepEqual(
      [row?.action, row?.target?.includes(id), row?.address, row?.detail],
      ['token.dead-use', true, '198.51.100.9', {reason: 'address', count: 100}],
    )
  })

  it('address restriction: a revoked or expired token is refused as such from anywhere', async (t) => {
    const {world, session, token, id} = await withToken(t)
    await world.call('DELETE', `/auth/tokens/${id}`, {token: session})
    assert.equal((await whoamiFrom(world, token, '198.51.100.9')).body.error.code, 'CREDENTIAL_REVOKED')
  })
})

describe('creating a token that is limited to addresses', () => {
  const creating = async (t: TestContext, addresses: unknown, config: Partial<ServerConfig> = {}) => {
    const world = await createWorld(t, config)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    const {status, body} = await world.call('POST', '/auth/tokens', {token, body: {name: 'ci', addresses}})
    return {status, error: body.error}
  }

  for (const [title, addresses, message] of [
    ['no addresses', [], undefined],
    ['a text', '203.0.113.0/24', undefined],
    [
      'a host name',
      ['localhost'],
      'must be an address, or a range in CIDR notation such as 203.0.113.0/24 or 2001:db8::/32',
    ],
    ['a zone', ['fe80::1%eth0'], undefined],
    ['bits after the prefix', ['203.0.113.7/24'], '`203.0.113.7/24` has bits set after its prefix: use 203.0.113.0/24'],
    ['a prefix that is too long', ['203.0.113.0/33'], undefined],
    ['51 ranges', Array.from({length: 51}, (_, index) => `203.0.113.${index}`), undefined],
  ] as const) {
    it(`address restriction: ${title} cannot be requested`, async (t) => {
      const {status, error} = await creating(t, addresses)
      assert.deepEqual([status, error.code], [400, 'VALIDATION'])
      assert.match(error.details[0].field, /^addresses/)
      if (message !== undefined) assert.equal(error.details[0].message, message)
    })
  }

  it('address restriction: behind a proxy that is not trusted, it is refused', async (t) => {
    const publicUrl = new URL('https://registry.example.com')
    const {status, error} = await creating(t, ['203.0.113.0/24'], {publicUrl})
    assert.deepEqual([status, error.code], [400, 'UNSUPPORTED_RESTRICTION'])
    assert.equal(
      error.message,
      'The token cannot be limited to addresses: the registry cannot see the addresses of its clients, because it does not trust the proxy in front of it',
    )
    assert.equal((await creating(t, ['203.0.113.0/24'], {publicUrl, trustProxy: ['127.0.0.1']})).status, 201)
    const plain = {publicUrl: new URL('http://registry.example.com')}
    assert.equal((await creating(t, ['203.0.113.0/24'], plain)).status, 201)
  })

  it('address restriction: once the registry cannot see addresses anymore, nothing matches', () => {
    const https = {publicUrl: new URL('https://registry.example.com'), trustProxy: [], hasCertificate: false}
    assert.equal(new VerifiedAddresses(https).of('10.1.2.3'), undefined)
    assert.equal(new VerifiedAddresses({...https, hasCertificate: true}).of('10.1.2.3'), '10.1.2.3')
    assert.equal(new VerifiedAddresses({...https, trustProxy: ['10.9.9.9']}).of('10.1.2.3'), '10.1.2.3')
  })
})
