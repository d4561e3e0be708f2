import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {format, inspect} from 'node:util'

import {Secret} from '../../src/credentials/secret.js'

describe('a secret', () => {
  const text = 'apkg_very_secret'
  const secret = new Secret(text)

  it('is opened on purpose', () => {
    assert.equal(secret.expose(), text)
    assert.equal(secret.isEmpty, false)
    assert.equal(new Secret('').isEmpty, true)
  })

  for (const [way, shown, expected] of [
    ['String()', String(secret), '[secret]'],
    ['a template', `Bearer ${secret as unknown as string}`, 'Bearer [secret]'],
    ['concatenation', 'Bearer '.concat(secret as unknown as string), 'Bearer [secret]'],
    ['JSON', JSON.stringify({secret}), '{"secret":"[secret]"}'],
    ['a list', [secret, secret].join(), '[secret],[secret]'],
    ['inspect', inspect(secret), '[secret]'],
    [
      'inspect of what is hidden',
      inspect({deep: {secret}}, {showHidden: true, depth: 9}),
      '{ deep: { secret: [secret] } }',
    ],
    ['format', format('%s %o %j %O', secret, secret, secret, secret), '[secret] [secret] "[secret]" [secret]'],
    ['an error', inspect(new Error(`for ${String(secret)}`)).split('\n')[0], 'Error: for [secret]'],
    ['its keys', JSON.stringify([Object.keys(secret), Object.getOwnPropertyNames(secret), {...secret}]), '[[],[],{}]'],
    ['a sort key', [secret].map(String).sort()[0], '[secret]'],
  ] as const) {
    it(`is not shown by ${way}`, () => {
      assert.equal(shown, expected)
    })
  }

  it('is not shown by inspect past its own method', () => {
    const shown = inspect(secret, {customInspect: false, showHidden: true, getters: true})
    assert.match(shown, /^Secret \{/)
    assert.ok(!shown.includes(text))
  })

  it('does not survive a copy to another thread', () => {
    assert.ok(!inspect(structuredClone({secret}), {showHidden: true}).includes(text))
  })
})
