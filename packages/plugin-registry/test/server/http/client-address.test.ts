import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {clientAddress, networkOf} from '../../../src/server/http/client-address.js'

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
    it(`"${given}" is read as ${address} and counted under ${network}`, () => {
      const found = clientAddress(given, '::ffff:198.51.100.1')
      assert.equal(found, address)
      assert.equal(networkOf(found), network)
    })
  }

  it('is `unknown` if the socket has no address either', () => {
    assert.equal(clientAddress('nonsense', undefined), 'unknown')
    assert.equal(networkOf('unknown'), 'unknown')
  })
})
