import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {
  expiryOf,
  formatLifetime,
  maxLifetime,
  neverExpiresAt,
  parseLifetime,
  parseTime,
  timeAgo,
  timeAhead,
  type Lifetime,
} from '../src/index.js'

const hour = 3_600_000
const day = 24 * hour
const now = new Date('2027-01-01T12:00:00.000Z')

const duration = (milliseconds: number): Lifetime => ({kind: 'for', milliseconds})
const until = (instant: string): Lifetime => ({kind: 'until', instant: new Date(instant)})

describe('a lifetime', () => {
  /** `expiry` is when a token with this lifetime expires that was created at `now`. */
  const rows: [text: string, lifetime: Lifetime, formatted: string, expiry: string | null][] = [
    ['never', {kind: 'never'}, 'never', null],
    ['15m', duration(hour / 4), '15m', '2027-01-01T12:15:00.000Z'],
    ['90m', duration(1.5 * hour), '90m', '2027-01-01T13:30:00.000Z'],
    ['120m', duration(2 * hour), '2h', '2027-01-01T14:00:00.000Z'],
    ['1h', duration(hour), '1h', '2027-01-01T13:00:00.000Z'],
    ['12h', duration(12 * hour), '12h', '2027-01-02T00:00:00.000Z'],
    ['24h', duration(day), '1d', '2027-01-02T12:00:00.000Z'],
    ['25h', duration(25 * hour), '25h', '2027-01-02T13:00:00.000Z'],
    ['1d', duration(day), '1d', '2027-01-02T12:00:00.000Z'],
    ['30d', duration(30 * day), '30d', '2027-01-31T12:00:00.000Z'],
    ['8w', duration(56 * day), '56d', '2027-02-26T12:00:00.000Z'],
    ['1y', duration(365 * day), '365d', '2028-01-01T12:00:00.000Z'],
    ['100y', duration(maxLifetime), '36500d', '2126-12-08T12:00:00.000Z'],
    ['36500d', duration(maxLifetime), '36500d', '2126-12-08T12:00:00.000Z'],
    ['2027-01-31', until('2027-01-31T00:00:00.000Z'), '2027-01-31T00:00:00.000Z', '2027-01-31T00:00:00.000Z'],
    ['2028-02-29', until('2028-02-29T00:00:00.000Z'), '2028-02-29T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['2020-01-01', until('2020-01-01T00:00:00.000Z'), '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
    ['2027-01-31T10:20:30Z', until('2027-01-31T10:20:30Z'), '2027-01-31T10:20:30.000Z', '2027-01-31T10:20:30.000Z'],
    ['2027-01-31t10:20:30z', until('2027-01-31T10:20:30Z'), '2027-01-31T10:20:30.000Z', '2027-01-31T10:20:30.000Z'],
    ['2027-01-31T10:20:30.5Z', until('2027-01-31T10:20:30.5Z'), '2027-01-31T10:20:30.500Z', '2027-01-31T10:20:30.500Z'],
    [
      '2027-01-31T10:20:30.123456789Z',
      until('2027-01-31T10:20:30.123Z'),
      '2027-01-31T10:20:30.123Z',
      '2027-01-31T10:20:30.123Z',
    ],
    [
      '2027-01-31T23:30:00+05:30',
      until('2027-01-31T18:00:00Z'),
      '2027-01-31T18:00:00.000Z',
      '2027-01-31T18:00:00.000Z',
    ],
    [
      '2027-01-31T23:30:00-01:00',
      until('2027-02-01T00:30:00Z'),
      '2027-02-01T00:30:00.000Z',
      '2027-02-01T00:30:00.000Z',
    ],
    [neverExpiresAt, until(neverExpiresAt), neverExpiresAt, neverExpiresAt],
  ]

  for (const [text, lifetime, formatted, expiry] of rows) {
    it(`lifetime: of ${text} is formatted as ${formatted} and expires ${expiry ?? 'never'}`, () => {
      assert.deepEqual(parseLifetime(text), lifetime)
      assert.equal(formatLifetime(lifetime), formatted)
      assert.deepEqual(expiryOf(lifetime, now), expiry === null ? null : new Date(expiry))
    })

    it(`lifetime: of ${text} is the same after formatting and parsing it`, () => {
      assert.deepEqual(parseLifetime(formatLifetime(lifetime)), lifetime)
    })
  }

  for (const text of [
    ...['', ' ', 'Never', 'NEVER', ' never', 'never ', 'always', 'null', '__proto__'],
    ...[
      '30',
      '0',
      '-5',
      '-5d',
      '+5d',
      '3.7',
      '3.7d',
      '1,5d',
      '0d',
      '0h',
      '00d',
      '030d',
      '1e3d',
      '0x10d',
      '5 d',
      ' 5d',
      '5d ',
    ],
    ...['5D', '5H', '0m', '5s', '5M', '5ms', '5days', 'd', '1d12h', '٣d', '５d', '5d\n', 'P30D', 'Infinityd', 'NaNd'],
    ...['101y', '36501d', '5215w', '876001h', '9999999h', '10000000h', '99999999999999999999d'],
    ...['2027-02-30', '2027-02-29', '2100-02-29', '2027-04-31', '2027-13-01', '2027-00-10', '2027-01-00', '2027-01-32'],
    ...['2027-1-31', '27-01-31', '2027/01/31', '31.01.2027', '20270131', '+002027-01-31', '-2027-01-31', '12027-01-31'],
    ...['2027-01-31T10:20:30', '2027-01-31T10:20Z', '2027-01-31 10:20:30Z', '2027-01-31T10:20:30.Z', '2027-01-31Z'],
    ...['2027-01-31T25:00:00Z', '2027-01-31T10:60:00Z', '2027-01-31T10:20:60Z', '2027-02-30T10:20:30Z'],
    ...['2027-01-31T10:20:30+0530', '2027-01-31T10:20:30+5', '2027-01-31T10:20:30+24:00', '2027-01-31\n'],
    ...['0000-01-01T00:00:00+01:00', '9999-12-31T23:59:59-00:01'],
  ]) {
    it(`lifetime: cannot be ${JSON.stringify(text)}`, () => {
      assert.equal(parseLifetime(text), undefined)
    })
  }

  it('lifetime: does not change the date that its expiry is computed from', () => {
    const created = new Date(now)
    expiryOf(duration(day), created)
    assert.deepEqual(created, now)
  })

  it('lifetime: a time is counted from now, ahead or back, and never is not a time', () => {
    const time = parseTime('15m')
    assert.ok(time)
    assert.deepEqual(timeAhead(time, now), new Date('2027-01-01T12:15:00.000Z'))
    assert.deepEqual(timeAgo(time, now), new Date('2027-01-01T11:45:00.000Z'))
    const date = parseTime('2026-12-24')
    assert.ok(date)
    assert.deepEqual(timeAhead(date, now), new Date('2026-12-24T00:00:00.000Z'))
    assert.deepEqual(timeAgo(date, now), new Date('2026-12-24T00:00:00.000Z'))
    assert.equal(parseTime('never'), undefined)
  })
})
