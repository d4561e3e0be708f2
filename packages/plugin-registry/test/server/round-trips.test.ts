import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {browserSession} from '../support/browsers.js'
import {countedPort} from '../support/counted-port.js'
import {packageOf, publish} from '../support/uploads.js'
import {worldDatabase} from '../support/world-database.js'
import {type Answer, createWorld} from '../support/world.js'

/** A registry with a package, and a function that counts the round trips of a request. */
async function withCount(t: TestContext) {
  let count = () => 0
  const database = worldDatabase()
  const world = await createWorld(t, {}, undefined, (folder) =>
    database.openToServe(folder, (port) => {
      const counted = countedPort(port, database.commitTrips)
      count = counted.count
      return counted.port
    }),
  )
  await world.addUser('ada')
  await world.addOrganization('acme', {ada: 'publisher'})
  const {accessToken: session} = await world.logIn('ada')
  const {token} = await world.createToken(session, {name: 'ci', scopes: ['publish']})
  const sent = await packageOf({name: '@acme/tool', visibility: 'private'})
  assert.equal((await publish(world, token, sent)).status, 201)
  const tripsOf = async (status: number, request: () => Promise<Answer>) => {
    const before = count()
    assert.equal((await request()).status, status)
    return count() - before
  }
  return {world, session, token, tripsOf, commit: database.commitTrips}
}

const url = '/packages/@acme%2Ftool'

describe('round trips to the database', () => {
  it('round trips: whoami takes 1', async (t) => {
    const {world, session, token, tripsOf} = await withCount(t)
    assert.equal(await tripsOf(200, () => world.call('GET', '/auth/whoami', {token})), 1)
    assert.equal(await tripsOf(200, () => world.call('GET', '/auth/whoami', {token: session})), 1)
  })

  it('round trips: the first use of a credential adds 2, and its commit', async (t) => {
    const {world, session, tripsOf, commit} = await withCount(t)
    const {token} = await world.createToken(session, {name: 'new'})
    assert.equal(await tripsOf(200, () => world.call('GET', '/auth/whoami', {token})), 3 + commit)
    assert.equal(await tripsOf(200, () => world.call('GET', '/auth/whoami', {token})), 1)
  })

  it('round trips: a packument takes 2, and 3 after a change', async (t) => {
    const {world, token, tripsOf} = await withCount(t)
    const {etag} = (await world.call('GET', url, {token})).headers
    assert.ok(etag)
    const get = (headers: Record<string, string>) => () => world.call('GET', url, {token, headers})
    assert.equal(await tripsOf(200, get({})), 2)
    assert.equal(await tripsOf(200, get({'if-none-match': '"older"'})), 2)
    assert.equal(await tripsOf(304, get({'if-none-match': etag})), 2)
    const next = await packageOf({name: '@acme/tool', version: '1.1.0', visibility: 'private'})
    assert.equal((await publish(world, token, next)).status, 201)
    assert.equal(await tripsOf(200, get({'if-none-match': etag})), 3)
  })

  it('round trips: the page of a package takes as many as its packument, and other pages no more than that', async (t) => {
    const {world, token, tripsOf} = await withCount(t)
    assert.equal((await publish(world, token, await packageOf({name: '@acme/open'}))).status, 201)
    const get = (url: string) => async () => {
      const {statusCode} = await world.app.inject({url})
      return {status: statusCode, headers: {}, body: undefined}
    }
    const packument = await tripsOf(200, get('/packages/@acme%2Fopen'))
    const again = await tripsOf(200, get('/packages/@acme%2Fopen'))
    assert.deepEqual([packument, again], [2, 2])
    // The downloads and the dependents take 2 each, at the same time.
    for (const url of ['/@acme/open', '/@acme/open/v/1.0.0']) assert.equal(await tripsOf(200, get(url)), 6, url)
    assert.equal(await tripsOf(200, get('/-/dependents/@acme/open')), 4)
    assert.equal(await tripsOf(200, get('/@acme')), 2)
    for (const url of ['/-/dependencies/@acme/open/1.0.0', '/-/tools/@acme/open/1.0.0', '/-/files/@acme/open/1.0.0']) {
      assert.equal(await tripsOf(200, get(url)), 2, url)
    }
    assert.deepEqual([await tripsOf(200, get('/')), await tripsOf(200, get('/downloads'))], [3, 1])
    assert.equal(await tripsOf(200, get('/-/search?q=open')), await tripsOf(200, get('/search?q=open')))
  })

  it('round trips: the pages of an organization take one for each endpoint, and as many as its queries', async (t) => {
    const {world, tripsOf} = await withCount(t)
    await world.addOrganization('team', {ada: 'admin'})
    const cookie = `apkg-session-80=${await browserSession(world, 'ada')}`
    const get = (url: string) => async () => {
      const {statusCode} = await world.app.inject({url, headers: {cookie}})
      return {status: statusCode, headers: {}, body: undefined}
    }
    await get('/@team')()
    assert.equal(await tripsOf(200, get('/@team')), 5)
    for (const [page, trips] of [
      ['', 4],
      ['/member', 5],
      ['/remove-member', 3],
      ['/tokens', 3],
      ['/publishers', 5],
      ['/require-publishers', 6],
    ] as const) {
      assert.equal(await tripsOf(200, get(`/-/organizations/team${page}`)), trips, page)
    }
  })

  it('round trips: a tarball takes 2', async (t) => {
    const {world, token, tripsOf} = await withCount(t)
    const get = async () => {
      const headers = {authorization: `Bearer ${token}`}
      const {statusCode} = await world.app.inject({url: `${url}/1.0.0/tarball`, headers})
      return {status: statusCode, headers: {}, body: undefined}
    }
    assert.equal(await tripsOf(200, get), 2)
  })

  it('round trips: listing tokens takes 2, and fetching one takes 2', async (t) => {
    const {world, session, tripsOf} = await withCount(t)
    const {id} = await world.createToken(session, {name: 'another'})
    assert.equal(await tripsOf(200, () => world.call('GET', '/auth/tokens', {token: session})), 2)
    assert.equal(await tripsOf(200, () => world.call('GET', `/auth/tokens/${id}`, {token: session})), 2)
  })

  it('round trips: checking what a credential allows takes 2', async (t) => {
    const {world, token, tripsOf} = await withCount(t)
    const body = {action: 'publish', package: '@acme/tool', version: '1.0.0'}
    assert.equal(await tripsOf(200, () => world.call('POST', '/auth/can', {token, body})), 2)
  })

  it('round trips: creating a token takes 3 and its commit, and a retry takes 4', async (t) => {
    const {world, session, tripsOf, commit} = await withCount(t)
    const request = {token: session, body: {name: 'another'}}
    assert.equal(await tripsOf(201, () => world.call('POST', '/auth/tokens', request)), 3 + commit)
    const headers = {'idempotency-key': '8e03978e-40d5-43dd-bc93-6894a57f9324'}
    const create = () => world.call('POST', '/auth/tokens', {...request, body: {name: 'a third'}, headers})
    assert.equal(await tripsOf(201, create), 3 + commit)
    assert.equal(await tripsOf(201, create), 4 + commit)
  })

  it('round trips: publishing a new package takes 14 and its commit, and another version takes 14', async (t) => {
    const {world, token, tripsOf, commit} = await withCount(t)
    const send = (sent: Awaited<ReturnType<typeof packageOf>>) => () => publish(world, token, sent)
    assert.equal(await tripsOf(201, send(await packageOf({name: '@acme/new'}))), 14 + commit)
    const next = await packageOf({name: '@acme/tool', version: '1.1.0', visibility: 'private'})
    assert.equal(await tripsOf(201, send(next)), 14 + commit)
  })
})
