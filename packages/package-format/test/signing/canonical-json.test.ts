import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {canonicalJson} from '../../src/signing/canonical-json.js'

describe('canonicalJson', () => {
  it('canonicalJson: serializes the example of RFC 8785, 3.2.2, to the result in 3.2.4', () => {
    const example = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\"\/',
      literals: [null, true, false],
    }
    const expected =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert.equal(canonicalJson(example), expected)
  })

  it('canonicalJson: sorts members by UTF-16 code units, like the example in RFC 8785, 3.2.3', () => {
    const members = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
    const written = JSON.parse(canonicalJson(Object.fromEntries(members.map((name) => [name, name]))))
    assert.deepEqual(Object.values(written).toSorted(), members.toSorted())
    const text = canonicalJson(Object.fromEntries(members.map((name) => [name, 0])))
    assert.equal(text, `{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(',')}}`)
  })

  it('canonicalJson: rejects values that are not JSON or nested too deeply', () => {
    const nested = Array.from({length: 70}).reduce<unknown>((inner) => [inner], 0)
    for (const value of [undefined, Number.NaN, '\ud800', {'\udc00': 1}, [() => 1], nested]) {
      assert.throws(() => canonicalJson(value), TypeError)
    }
  })
})
