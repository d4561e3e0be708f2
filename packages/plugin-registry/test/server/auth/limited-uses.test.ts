import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {boundary, packageOf, uploadOf} from '../../support/uploads.js'
import {createWorld, type World} from '../../support/world.js'

/** A registry with the package @ada/tool, and a token with a limited number of uses. */
async function withToken(t: TestContext, uses: number, scopes = ['admin']) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  await world.publish(session, {name: '@ada/tool'})
  const {token, id} = await world.createToken(session, {name: 'ci', scopes, uses})
  const left = async () => {
    const {body} = await world.call('GET', '/auth/tokens/current', {token})
    return [body.status, body.usesLeft]
  }
  return {world, session, token, id, left}
}

const tool = encodeURIComponent('@ada/tool')

async function publish(world: World, token: string, version: string, metadata: object = {}) {
  const upload = await packageOf({name: '@ada/tool', version})
  return world.call('PUT', `/packages/${tool}`, {
    body: uploadOf({...upload, metadata: {...upload.metadata, ...metadata}}),
    headers: {'content-type': `multipart/form-data; boundary=${boundary}`},
    token,
  })
}

const tag = (world: World, token: string, name: string, version = '1.0.0') =>
  world.call('PUT', `/packages/${tool}/dist-tags/${name}`, {body: {version}, token})

describe('a token with a limited number of uses', () => {
  it('limited uses: publishing, tagging, deprecating and yanking each cost one', async (t) => {
    const {world, token, left} = await withToken(t, 7)
    assert.equal((await publish(world, token, '2.0.0')).status, 201)
    assert.deepEqual(await left(), ['active', 6])
    assert.equal((await world.call('PUT', `/packages/${tool}/2.0.0/yank`, {body: {yanked: true}, token})).status, 200)
    assert.deepEqual(await left(), ['active', 5])
    assert.equal((await tag(world, token, 'next')).status, 200)
    assert.deepEqual(await left(), ['active', 4])
    assert.equal((await world.call('DELETE', `/packages/${tool}/dist-tags/next`, {token})).status, 204)
    assert.deepEqual(await left(), ['active', 3])
    const body = {deprecated: 'Use another one'}
    assert.equal((await world.call('PATCH', `/packages/${tool}`, {body, token})).status, 200)
    assert.deepEqual(await left(), ['active', 2])
    assert.equal((await world.call('PATCH', `/packages/${tool}/2.0.0`, {body, token})).status, 200)
    assert.deepEqual(await left(), ['active', 1])
    assert.equal((await publish(world, token, '3.0.0', {tag: 'beta'})).status, 201)
    assert.deepEqual(await left(), ['spent', 0])
  })

  it("limited uses: requests that change nothing don't count, even when none are left", async (t) => {
    const {world, token, left} = await withToken(t, 1)
    assert.equal((await publish(world, token, '2.0.0', {tag: 'next'})).status, 201)
    for (const again of [{}, {tag: 'next'}]) {
      const {status, body} = await publish(world, token, '2.0.0', again)
      assert.deepEqual([status, body.identical], [200, true])
    }
    assert.equal((await tag(world, token, 'next', '2.0.0')).status, 200)
    assert.deepEqual(await left(), ['spent', 0])
  })

  it('limited uses: refused changes cost nothing', async (t) => {
    const {world, token, left} = await withToken(t, 1)
    assert.equal((await tag(world, token, 'next', '9.9.9')).status, 404)
    assert.equal((await world.call('DELETE', `/packages/${tool}/dist-tags/none`, {token})).status, 404)
    assert.equal((await world.call('PATCH', `/packages/${tool}/9.9.9`, {body: {deprecated: 'no'}, token})).status, 404)
    assert.equal((await publish(world, token, '1.0.0')).status, 409)
    assert.equal((await publish(world, token, '2.0.0', {visibility: 'private'})).status, 409)
    assert.deepEqual(await left(), ['active', 1])
  })

  it('limited uses: a spent token changes, reads and manages nothing', async (t) => {
    const {world, id, token} = await withToken(t, 1)
    await tag(world, token, 'next')
    const refused = [
      await publish(world, token, '2.0.0'),
      await publish(world, token, '1.0.0', {tag: 'beta'}),
      await tag(world, token, 'beta'),
      await world.call('DELETE', `/packages/${tool}/dist-tags/next`, {token}),
      await world.call('PATCH', `/packages/${tool}`, {body: {deprecated: 'no'}, token}),
      await world.call('GET', `/packages/${tool}`, {token}),
      await world.call('GET', '/auth/tokens', {token}),
      await world.call('POST', `/auth/tokens/${id}/rotate`, {token}),
    ]
    for (const {status, body} of refused) {
      assert.deepEqual(
        [status, body.error.code, body.error.message],
        [403, 'TOKEN_SPENT', 'The token has no uses left'],
      )
    }
    assert.equal((await world.call('GET', `/packages/${tool}`)).body.distTags.beta, undefined)
    assert.deepEqual((await world.call('GET', '/auth/whoami', {token})).body.credential.usesLeft, 0)
    assert.equal((await world.call('DELETE', '/auth/tokens/current', {token})).status, 204)
  })

  it('limited uses: can reports that a token is spent, except for what it published', async (t) => {
    const {world, token} = await withToken(t, 1)
    const {metadata} = await packageOf({name: '@ada/tool', version: '2.0.0'})
    const ask = async (question: object) => {
      const {body} = await world.call('POST', '/auth/can', {token, body: {package: '@ada/tool', ...question}})
      return body.reasons.map(({code, problem}: {code: string; problem: string}) => [code, problem])
    }
    assert.deepEqual(await ask({action: 'publish', version: '2.0.0'}), [])
    await publish(world, token, '2.0.0')
    for (const action of ['publish', 'read', 'tag', 'deprecate', 'yank']) {
      assert.deepEqual(await ask({action}), [['SPENT', 'TOKEN_SPENT']], action)
    }
    assert.deepEqual(await ask({action: 'publish', version: '2.0.0', integrity: metadata.integrity}), [])
  })

  for (const [title, change] of [
    ['publications', (world: World, token: string, index: number) => publish(world, token, `2.0.${index}`)],
    ['dist-tags', (world: World, token: string, index: number) => tag(world, token, `tag-${index}`)],
  ] as const) {
    for (const uses of [1, 3]) {
      it(`limited uses: of eight simultaneous ${title}, exactly ${uses} succeed if ${uses} are left`, async (t) => {
        const {world, token, left} = await withToken(t, uses)
        const answers = await Promise.all(Array.from({length: 8}, (_, index) => change(world, token, index)))
        const codes = answers.map(({status, body}) => (status < 300 ? 'done' : body.error.code))
        assert.equal(codes.filter((code) => code === 'done').length, uses)
        assert.equal(codes.filter((code) => code === 'TOKEN_SPENT').length, 8 - uses)
        assert.deepEqual(await left(), ['spent', 0])
      })
    }
  }

  it('limited uses: a spent token is not listed, and its label is free', async (t) => {
    const {world, session, token} = await withToken(t, 1)
    await tag(world, token, 'next')
    assert.deepEqual((await world.call('GET', '/auth/tokens', {token: session})).body.tokens, [])
    const {body} = await world.call('GET', '/auth/tokens?ended=true', {token: session})
    assert.deepEqual([body.tokens[0].status, body.tokens[0].uses], ['spent', 1])
    assert.equal((await world.call('POST', '/auth/tokens', {token: session, body: {name: 'ci'}})).status, 201)
  })

  it('limited uses: a rotated token keeps its uses, for both values, and a spent one is not rotated', async (t) => {
    const {world, session, token, id} = await withToken(t, 2)
    await tag(world, token, 'next')
    const {body: rotated} = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    assert.deepEqual([rotated.uses, rotated.usesLeft], [2, 1])
    assert.equal((await tag(world, token, 'beta')).status, 200)
    assert.equal((await tag(world, rotated.token, 'rc')).body.error.code, 'TOKEN_SPENT')
    const {status, body} = await world.call('POST', `/auth/tokens/${id}/rotate`, {token: session})
    assert.deepEqual([status, body.error.message], [409, 'The token "ci" is spent'])
  })

  it('limited uses: the restriction without its number allows no change', async (t) => {
    const {world, token, id} = await withToken(t, 5)
    await world.query('UPDATE tokens SET uses = NULL, uses_left = NULL WHERE id = ?1', id)
    assert.equal((await tag(world, token, 'next')).body.error.code, 'TOKEN_SPENT')
  })

  for (const [title, request] of [
    ['no uses', {uses: 0}],
    ['a fraction', {uses: 1.5}],
    ['a text', {uses: '1'}],
    ['too many uses', {uses: 1_000_001}],
    ['a token that only reads', {uses: 1, scopes: ['read', 'token:rotate']}],
  ] as const) {
    it(`limited uses: ${title} cannot be requested`, async (t) => {
      const {world, session} = await withToken(t, 1)
      const {status, body} = await world.call('POST', '/auth/tokens', {token: session, body: {name: 'x', ...request}})
      assert.deepEqual([status, body.error.code, body.error.details[0].field], [400, 'VALIDATION', 'uses'])
    })
  }
})
