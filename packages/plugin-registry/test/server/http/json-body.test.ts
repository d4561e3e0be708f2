import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {parseJsonBody} from '../../../src/server/http/json-body.js'
import {Refusal} from '../../../src/server/http/refusal.js'
import {multipart, packageOf, send} from '../../support/uploads.js'
import {createWorld} from '../../support/world.js'

const json = {'content-type': 'application/json'}

describe('a JSON body', () => {
  for (const [text, field] of [
    ['{"__proto__": {}}', '__proto__'],
    ['{"__proto__": 1}', '__proto__'],
    [String.raw`{"\u005f_proto__": 1}`, '__proto__'],
    ['{"a": [{"b": {"__proto__": null}}]}', 'a.0.b.__proto__'],
    ['{"constructor": {"prototype": {}}}', 'constructor.prototype'],
    ['{"a": {"constructor": {"prototype": 1}}}', 'a.constructor.prototype'],
    [`${'['.repeat(100_000)}{"__proto__": 1}${']'.repeat(100_000)}`, `${'0.'.repeat(100_000)}__proto__`],
  ] as const) {
    it(`is refused with the path of a prototype key: ${text.slice(0, 60)}`, () => {
      assert.throws(
        () => parseJsonBody(text),
        (error) => {
          assert.ok(error instanceof Refusal)
          assert.equal(error.code, 'VALIDATION')
          assert.deepEqual(error.details, [{field, message: 'is not an allowed key'}])
          return true
        },
      )
    })
  }

  const rows: [text: string, value: unknown][] = [
    ['{"name": "__proto__"}', {name: '__proto__'}],
    ['{"constructor": "a"}', {constructor: 'a'}],
    ['{"constructor": {"name": "a"}}', {constructor: {name: 'a'}}],
    ['{"prototype": {}}', {prototype: {}}],
    [String.raw`"\u005f"`, '_'],
    ['\uFEFF[]', []],
    ['null', null],
  ]
  for (const [text, value] of rows) {
    it(`can be ${text}`, () => {
      assert.deepEqual(parseJsonBody(text), value)
    })
  }

  for (const text of ['', '{', "{'a': 1}", '[1,]', 'undefined', '\u00A0{}']) {
    it(`is refused as malformed: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseJsonBody(text), {name: 'Refusal', code: 'MALFORMED_JSON'})
    })
  }

  it('with a prototype key is a clear validation error over HTTP, in an upload too', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    const {status, body} = await world.call('POST', '/auth/login', {body: '{"__proto__": {}}', headers: json})
    assert.deepEqual([status, body.error.code], [400, 'VALIDATION'])
    assert.equal(body.error.message, 'The body has the key `__proto__`, which is not allowed')

    const {tarball} = await packageOf({name: '@ada/tool'})
    const parts = multipart(
      {name: 'metadata', content: '{"constructor": {"prototype": {}}}'},
      {name: 'tarball', content: tarball},
    )
    const upload = await send(world, accessToken, '@ada/tool', parts)
    assert.deepEqual([upload.status, upload.body.error.code], [400, 'VALIDATION'])
    assert.equal(upload.body.error.details[0].field, 'constructor.prototype')
  })
})
