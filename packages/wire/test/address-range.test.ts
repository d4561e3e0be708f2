import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {containsAddress, coversRange, readAddressRange} from '../src/index.js'

describe('readAddressRange', () => {
  for (const [text, range] of [
    ['203.0.113.7', '203.0.113.7/32'],
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::7', '2001:db8::7/128'],
    ['2001:db8:0:0:0:0:0:0/32', '2001:db8::/32'],
    ['2001:0db8:0:0:1:0:0:0/80', '2001:db8:0:0:1::/80'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3/128'],
    ['1:2:3:4:5:6:7:0', '1:2:3:4:5:6:7:0/128'],
    ['::/0', '::/0'],
    ['::1', '::1/128'],
    ['::ffff:203.0.113.7', '203.0.113.7/32'],
    ['::ffff:cb00:7100/120', '203.0.113.0/24'],
    ['64:ff9b::192.0.2.0/120', '64:ff9b::c000:200/120'],
  ] as const) {
    it(`readAddressRange: "${text}" is ${range}`, () => {
      assert.deepEqual(readAddressRange(text), {range})
      assert.deepEqual(readAddressRange(range), {range})
    })
  }

  for (const [text, problem] of [
    ['203.0.113.7/24', /has bits set after its prefix: use 203\.0\.113\.0\/24$/],
    ['2001:db8::1/32', /has bits set after its prefix: use 2001:db8::\/32$/],
    ['::ffff:203.0.113.7/120', /has bits set after its prefix: use 203\.0\.113\.0\/24$/],
    ['fe80::1%eth0', /must not have a zone/],
    ['fe80::%eth0/10', /must not have a zone/],
    ['', /is not an address/],
    ['203.0.113.0/33', /is not an address/],
    ['2001:db8::/129', /is not an address/],
    ['203.0.113.0/024', /is not an address/],
    ['203.0.113.0/', /is not an address/],
    ['203.0.113.0/24/8', /is not an address/],
    ['203.0.113.0/-1', /is not an address/],
    ['203.0.113', /is not an address/],
    ['203.0.113.010', /is not an address/],
    ['203.0.113.7:443', /is not an address/],
    ['[2001:db8::7]', /is not an address/],
    ['*', /is not an address/],
    ['localhost', /is not an address/],
  ] as const) {
    it(`readAddressRange: "${text}" is refused`, () => {
      const read = readAddressRange(text)
      assert.match('problem' in read ? read.problem : `read as ${read.range}`, problem)
    })
  }
})

describe('containsAddress', () => {
  for (const [range, address, isContained] of [
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.0/24', '::ffff:203.0.113.7', true],
    ['203.0.113.7/32', '203.0.113.7', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '203.0.113.7', false],
    ['::/0', '::ffff:203.0.113.7', false],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['0.0.0.0/0', 'unknown', false],
    ['0.0.0.0/0', '', false],
    ['0.0.0.0/0', '10.0.0.0/8', false],
    ['fe80::/10', 'fe80::1%eth0', false],
    ['moon', '203.0.113.7', false],
  ] as const) {
    it(`containsAddress: ${range} ${isContained ? 'contains' : "doesn't contain"} "${address}"`, () => {
      assert.equal(containsAddress([range], address), isContained)
    })
  }

  it('containsAddress: no range contains nothing, and one of several is enough', () => {
    assert.equal(containsAddress([], '203.0.113.7'), false)
    assert.equal(containsAddress(['192.0.2.0/24', '203.0.113.0/24'], '203.0.113.7'), true)
  })
})

describe('coversRange', () => {
  for (const [ranges, other, isCovered] of [
    [['203.0.113.0/24'], '203.0.113.0/25', true],
    [['203.0.113.0/24'], '203.0.113.0/24', true],
    [['203.0.113.0/24'], '203.0.112.0/23', false],
    [['0.0.0.0/0'], '::/0', false],
    [['203.0.113.0/24'], 'moon', false],
    [['moon'], 'moon', false],
  ] as const) {
    it(`coversRange: ${ranges.join()} ${isCovered ? 'covers' : "doesn't cover"} ${other}`, () => {
      assert.equal(coversRange(ranges, other), isCovered)
    })
  }
})
