import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {format, inspect} from 'node:util'

import {Secret} from '../../src/credentials/secret.js'

describe('a secret', () => {
  const text = 'apkg_very_secret'
  const secret = new Secret(text)

  it('secret: is returned only by expose', () => {
    assert.equal(secret.expose(), text)
    assert.equal(secret.isEmpty, false)
    assert.equal(new Secret('').isEmpty, true)
  })

  for (const [how, shown, expected] of [
    ['String()', String(secret), '[secret]'],
    ['a template literal', `Bearer ${secret as unknown as string}`, 'Bearer [secret]'],
    ['concatenation', 'Bearer '.concat(secret as unknown as string), 'Bearer [secret]'],
    ['JSON', JSON.stringify({secret}), '{"secret":"[secret]"}'],
    ['Array.join', [secret, secret].join(), '[secret],[secret]'],
    ['inspect', inspect(secret), '[secret]'],
    [
      'inspect with hidden properties',
      inspect({deep: {secret}}, {showHidden: true, depth: 9}),
      '{ deep: { secret: [secret] } }',
    ],
    ['format', format('%s %o %j %O', secret, secret, secret, secret), '[secret] [secret] "[secret]" [secret]'],
    ['an error message', inspect(new Error(`for ${String(secret)}`)).split('\n')[0], 'Error: for [secret]'],
    [
      'its properties',
      JSON.stringify([Object.keys(secret), Object.getOwnPropertyNames(secret), {...secret}]),
      '[[],[],{}]',
    ],
    ['a sort key', [secret].map(String).sort()[0], '[secret]'],
  ] as const) {
    it(`secret: is not revealed by ${how}`, () => {
      assert.equal(shown, expected)
    })
  }

  it('secret: is not revealed by inspect without its custom method', () => {
    const shown = inspect(secret, {customInspect: false, showHidden: true, getters: true})
    assert.match(shown, /^Secret \{/)
    assert.ok(!shown.includes(text))
  })

  it('secret: is not contained in a structured clone', () => {
    assert.ok(!inspect(structuredClone({secret}), {showHidden: true}).includes(text))
  })
})
