import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {createWorld} from '../../support/world.js'

describe('the headers about a credential', () => {
  it('credential headers: every response to a valid credential contains its expiry, even a refusal', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: session} = await world.logIn('ada')
    const create = async (body: object) => (await world.call('POST', '/auth/tokens', {token: session, body})).body
    const lasting = await create({name: 'lasting', scopes: ['read']})
    const label = 'k\u00FCrz & "gut"'
    const short = await create({name: label, scopes: ['read'], expiresIn: '30d'})
    const whoami = async (token: string) => (await world.call('GET', '/auth/whoami', {token})).headers

    assert.equal((await whoami(lasting.token))['apkg-credential-expires'], 'never')
    const headers = await whoami(short.token)
    assert.equal(headers['apkg-credential-expires'], short.expires)
    assert.deepEqual(Object.fromEntries(new URLSearchParams(headers['apkg-credential'])), {
      ...{id: short.id, label, created: short.createdAt},
    })
    const refused = await world.call('POST', '/auth/tokens', {token: short.token, body: {name: 'x'}})
    assert.deepEqual([refused.status, refused.headers['apkg-credential-expires']], [403, short.expires])
    const rotating = await create({name: 'admin', scopes: ['admin'], expiresIn: '30d'})
    const about = new URLSearchParams((await whoami(rotating.token))['apkg-credential'])
    assert.equal(about.get('rotates'), 'true')
    assert.ok(!Number.isNaN(Date.parse((await whoami(session))['apkg-credential-expires'] ?? '')))
    assert.equal((await whoami('apkgt_unknown'))['apkg-credential-expires'], undefined)
  })

  it('credential headers: shared caches cannot store responses that contain them', async (t) => {
    const world = await createWorld(t, {anonymousRead: true})
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    await world.publish(token, {name: '@ada/tool'})
    for (const url of ['/packages/@ada%2Ftool', '/packages/@ada%2Ftool/1.0.0/tarball']) {
      const anonymous = (await world.call('GET', url)).headers
      assert.match(anonymous['cache-control'] ?? '', /^public, /)
      assert.equal(anonymous['apkg-credential-expires'], undefined)
      const {headers} = await world.call('GET', url, {token})
      assert.match(headers['cache-control'] ?? '', /^private, /)
      assert.equal(headers['vary'], 'authorization')
      assert.ok(headers['apkg-credential-expires'])
    }
  })

  it("credential headers: whoami lists the owner's tokens that expire within 90 days, to a session only", async (t) => {
    const world = await createWorld(t)
    for (const name of ['ada', 'bob']) await world.addUser(name)
    const {accessToken: session} = await world.logIn('ada')
    const other = (await world.logIn('bob')).accessToken
    const create = (token: string, name: string, expiresIn: string) => world.createToken(token, {name, expiresIn})
    await create(session, 'later', '90d')
    const soon = await create(session, 'soon', '20d')
    await create(session, 'much later', '91d')
    await create(session, 'never', 'never')
    const revoked = await create(session, 'revoked', '20d')
    await world.call('DELETE', `/auth/tokens/${revoked.id}`, {token: session})
    await create(other, 'of bob', '20d')
    const {body} = await world.call('GET', '/auth/whoami', {token: session})
    assert.deepEqual(
      body.expiringTokens.map(({name}: {name: string}) => name),
      ['soon', 'later'],
    )
    assert.equal((await world.call('GET', '/auth/whoami', {token: soon.token})).body.expiringTokens, undefined)
  })
})
