import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {parseJsonBody} from '../../../src/server/http/json-body.js'
import {multipart, packageOf, send} from '../../support/uploads.js'
import {createWorld} from '../../support/world.js'

const json = {'content-type': 'application/json'}

describe('a JSON body', () => {
  const rows: [text: string, value: unknown][] = [
    ['{"name": "__proto__"}', {name: '__proto__'}],
    ['{"constructor": "a"}', {constructor: 'a'}],
    [String.raw`"\u005f\ud83d\ude80"`, '_🚀'],
    ['\uFEFF[]', []],
    ['null', null],
  ]
  for (const [text, value] of rows) {
    it(`JSON body: ${text} is valid`, () => {
      assert.deepEqual(parseJsonBody(text), value)
    })
  }

  for (const [text, field] of [
    [String.raw`"\ud83d"`, ''],
    [String.raw`{"a": ["b", "\udc00\ud800"]}`, 'a.1'],
    [String.raw`{"a": {"\ud83dx": 1}}`, 'a'],
    [`${'['.repeat(20_000)}${String.raw`"\udc00"`}${']'.repeat(20_000)}`, '0.'.repeat(20_000).slice(0, -1)],
  ] as const) {
    it(`JSON body: refused with the field that is not Unicode: ${text.slice(0, 40)}`, () => {
      const details = [{field, message: 'is not valid Unicode'}]
      assert.throws(() => parseJsonBody(text), {name: 'Refusal', code: 'VALIDATION', details})
    })
  }

  for (const text of ['', '{', "{'a': 1}", '[1,]', 'undefined', '\u00A0{}']) {
    it(`JSON body: ${JSON.stringify(text)} is malformed`, () => {
      assert.throws(() => parseJsonBody(text), {name: 'Refusal', code: 'MALFORMED_JSON'})
    })
  }
})

describe('a prototype key', () => {
  for (const key of ['__proto__', 'constructor', String.raw`\u005f_proto__`]) {
    it(`prototype key: ${key} is refused as a field`, async (t) => {
      const world = await createWorld(t)
      const fields = `"username": "ada", "password": "x", "${key}": {"prototype": {}}`
      const {status, body} = await world.call('POST', '/auth/login', {body: `{${fields}}`, headers: json})
      assert.deepEqual([status, body.error.code], [400, 'VALIDATION'])
      const field = key === 'constructor' ? key : '__proto__'
      assert.deepEqual(body.error.details, [{field, message: 'is not an allowed field'}])
    })
  }

  it('prototype key: ignored inside an unknown field', async (t) => {
    const world = await createWorld(t)
    const body = '{"username": "ada", "password": "x", "other": {"__proto__": {"username": "eve"}}}'
    const answer = await world.call('POST', '/auth/login', {body, headers: json})
    assert.equal(answer.body.error.code, 'LOGIN_FAILED')
  })

  it('prototype key: refused in a token request and in the metadata of an upload', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    const created = await world.call('POST', '/auth/tokens', {
      body: '{"name": "a", "__proto__": {}}',
      headers: json,
      token,
    })
    assert.deepEqual([created.status, created.body.error.code], [400, 'UNSUPPORTED_RESTRICTION'])

    const {metadata, tarball} = await packageOf({name: '@ada/tool'})
    const content = JSON.stringify({...metadata, extra: 1}).replace('"extra"', '"__proto__"')
    const upload = await send(
      world,
      token,
      '@ada/tool',
      multipart({name: 'metadata', content}, {name: 'tarball', content: tarball}),
    )
    assert.deepEqual([upload.status, upload.body.error.code], [400, 'VALIDATION'])
    assert.equal(upload.body.error.details[0].field, '__proto__')
  })
})
