import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it} from 'node:test'

import {createWorld} from '../../support/world.js'

describe('the start page', () => {
  it('start page: shows how to use the registry, without a credential', async (t) => {
    const {app} = await createWorld(t, {publicUrl: new URL('https://registry.example/a&b/')})
    const {statusCode, headers, body} = await app.inject({url: '/a&b/', headers: {host: 'registry.example'}})
    assert.equal(statusCode, 200)
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.match(body, /apkg login --registry https:\/\/registry\.example\/a&amp;b</)
  })

  it('start page: allows its own style and nothing else', async (t) => {
    const {app} = await createWorld(t)
    const {headers, body} = await app.inject('/')
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(body) ?? []
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /^default-src 'none'; style-src 'sha256-/)
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`))
    assert.doesNotMatch(body, /<script|style=|src=/)
  })
})
