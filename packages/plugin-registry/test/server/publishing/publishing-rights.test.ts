import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import type {Scope} from '@apkg/wire'

import {boundary, packageOf, uploadOf} from '../../support/uploads.js'
import {createWorld} from '../../support/world.js'

const scopes = ['publish', 'publish:new', 'publish:update', 'tag', 'deprecate'] as const satisfies Scope[]

/** What can be published, and the scopes that are needed for it; `publish` is enough too. */
const changes = {
  'publish a first version': {scopes: ['publish:new'], name: '@ada/new', version: '1.0.0'},
  'publish a first version with a dist-tag': {
    scopes: ['publish:new', 'tag'],
    name: '@ada/new',
    version: '1.0.0',
    tag: 'next',
  },
  'publish a further version': {scopes: ['publish:update'], name: '@ada/tool', version: '2.0.0'},
  'publish a further version with a dist-tag': {
    scopes: ['publish:update', 'tag'],
    name: '@ada/tool',
    version: '2.0.0',
    tag: 'latest',
  },
  'move a dist-tag with identical bytes': {
    scopes: ['publish:update|publish:new', 'tag'],
    name: '@ada/tool',
    version: '1.0.0',
    tag: 'next',
  },
} as const

function combinations<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((all, item) => [...all, ...all.map((each) => [...each, item])], [[]])
}

async function open(t: TestContext) {
  const world = await createWorld(t)
  await world.addUser('ada')
  const {accessToken} = await world.logIn('ada')
  const publish = async (token: string, {name, version, tag}: {name: string; version: string; tag?: string}) => {
    const {metadata, tarball} = await packageOf({name, version})
    const body = uploadOf({metadata: {...metadata, ...(tag !== undefined && {tag})}, tarball})
    const headers = {'content-type': `multipart/form-data; boundary=${boundary}`}
    return world.call('PUT', `/packages/${encodeURIComponent(name)}`, {body, headers, token})
  }
  const tokenWith = async (held: Scope[]) =>
    (await world.createToken(accessToken, {name: held.join(' '), scopes: held})).token
  await publish(accessToken, {name: '@ada/tool', version: '1.0.0'})
  return {world, accessToken, publish, tokenWith}
}

describe('the rights to publish', () => {
  for (const [title, {scopes: needed, ...publication}] of Object.entries(changes)) {
    it(`publish: a token needs exactly ${needed.join(' and ')} to ${title}`, async (t) => {
      for (const held of combinations(scopes).filter(({length}) => length === 1 || length === 2)) {
        const {world, accessToken, publish, tokenWith} = await open(t)
        const {status, body} = await publish(await tokenWith(held), publication)
        const isAllowed =
          held.includes('publish') ||
          needed.every((any) => any.split('|').some((scope) => held.some((each) => each === scope)))
        const label = `${title} with ${held.join(', ')}`
        assert.equal(isAllowed ? status < 300 : body.error?.code, isAllowed ? true : 'SCOPE_INSUFFICIENT', label)
        if (isAllowed) continue
        const packument = await world.call('GET', `/packages/${encodeURIComponent(publication.name)}`, {
          token: accessToken,
        })
        const versions = publication.name === '@ada/new' ? undefined : ['1.0.0']
        assert.deepEqual(packument.body.versions && Object.keys(packument.body.versions), versions, label)
        if (versions) assert.deepEqual(packument.body.distTags, {latest: '1.0.0'}, label)
      }
    })
  }

  it('publish: either right is enough to repeat a publication with identical bytes', async (t) => {
    const {publish, tokenWith} = await open(t)
    for (const scope of ['publish:new', 'publish:update'] as const) {
      const {status, body} = await publish(await tokenWith([scope]), {name: '@ada/tool', version: '1.0.0'})
      assert.deepEqual([status, body.identical], [200, true])
    }
  })

  it('publish: a refusal names the scopes that are enough', async (t) => {
    const {publish, tokenWith} = await open(t)
    const token = await tokenWith(['publish:update'])
    const {body} = await publish(token, {name: '@ada/new', version: '1.0.0'})
    assert.equal(
      body.error.message,
      'The token "publish:update" (publish:update) does not allow creating a package: a token with the scope `publish`, `admin`, or `publish:new` is required',
    )
  })

  it('publish: a token that lacks the right gets the same refusal whether or not the version has other bytes', async (t) => {
    const {world, accessToken, publish, tokenWith} = await open(t)
    const token = await tokenWith(['publish:new'])
    await world.publish(accessToken, {name: '@ada/hidden', visibility: 'private', version: '1.0.0'})
    for (const version of ['1.0.0', '2.0.0']) {
      const {body} = await publish(token, {name: '@ada/hidden', version})
      assert.equal(body.error.code, 'SCOPE_INSUFFICIENT')
    }
  })

  it('publish: a first version that another request publishes in the meantime needs the right to update', async (t) => {
    const {world, accessToken, tokenWith, publish} = await open(t)
    const token = await tokenWith(['publish:new'])
    const first = publish(token, {name: '@ada/race', version: '1.0.0'})
    const second = publish(token, {name: '@ada/race', version: '2.0.0'})
    const statuses = (await Promise.all([first, second])).map(({status}) => status).sort()
    assert.deepEqual(statuses, [201, 403])
    const {body} = await world.call('GET', '/packages/%40ada%2Frace', {token: accessToken})
    assert.equal(Object.keys(body.versions).length, 1)
  })
})

describe('changing without reading', () => {
  it('deprecate: a token without `read` deprecates a private package and sees nothing of it', async (t) => {
    const {world, accessToken, tokenWith} = await open(t)
    const token = await tokenWith(['deprecate'])
    const url = '/packages/%40ada%2Fhidden'
    await world.publish(accessToken, {name: '@ada/hidden', visibility: 'private', version: '1.0.0'})
    const request = {body: {deprecated: 'Old'}, token}
    assert.deepEqual((await world.call('PATCH', url, request)).body, {name: '@ada/hidden'})
    assert.deepEqual((await world.call('PATCH', `${url}/1.0.0`, request)).body, {version: '1.0.0'})
    assert.equal((await world.call('GET', url, {token})).body.error.code, 'PACKAGE_UNKNOWN')
    const {body} = await world.call('GET', url, {token: accessToken})
    assert.deepEqual([body.deprecated, body.versions['1.0.0'].deprecated], ['Old', 'Old'])
  })

  it('search: a token without `read` finds only public packages', async (t) => {
    const {world, accessToken, tokenWith} = await open(t)
    await world.publish(accessToken, {name: '@ada/hidden', visibility: 'private', version: '1.0.0'})
    const find = async (token: string) =>
      (await world.call('GET', '/search?q=', {token})).body.results.map(({name}: {name: string}) => name).sort()
    assert.deepEqual(await find(accessToken), ['@ada/hidden', '@ada/tool'])
    assert.deepEqual(await find(await tokenWith(['publish:update', 'tag', 'deprecate', 'token:read'])), ['@ada/tool'])
  })
})
