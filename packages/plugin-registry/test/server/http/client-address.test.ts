import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {clientAddress, networkOf} from '../../../src/server/http/client-address.js'
import {createWorld} from '../../support/world.js'

describe('client address', () => {
  for (const [given, address, network] of [
    ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:1::7', '2001:db8::1:0:0:7', '2001:db8:0:0::/64'],
    ['2001:db8::7', '2001:db8::7', '2001:db8:0:0::/64'],
    ['[2001:db8::7]', '2001:db8::7', '2001:db8:0:0::/64'],
    ['[2001:db8::7]:443', '2001:db8::7', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80:0:0:0::/64'],
    ['::1', '::1', '0:0:0:0::/64'],
    ['unknown', '198.51.100.1', '198.51.100.1'],
    ['', '198.51.100.1', '198.51.100.1'],
    ['192.0.2.1:8080:9', '198.51.100.1', '198.51.100.1'],
    ['_hidden:80', '198.51.100.1', '198.51.100.1'],
  ] as const) {
    it(`client address: "${given}" is read as ${address} and counted under ${network}`, () => {
      const found = clientAddress(given, '::ffff:198.51.100.1')
      assert.equal(found, address)
      assert.equal(networkOf(found), network)
    })
  }

  it('client address: `unknown` if the socket does not have one either', () => {
    assert.equal(clientAddress('nonsense', undefined), 'unknown')
    assert.equal(networkOf('unknown'), 'unknown')
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
