import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {generateKeyPair, keyIdOf, toBase64} from '@apkg/package-format/signing'

import {operator} from '../../../src/server/store/store.js'
import {Browser} from '../../support/browser.js'
import {getPage, withoutRequestId} from '../../support/web.js'
import {createWorld, day, password, type World} from '../../support/world.js'

const dayOf = (time: number) => Math.floor(time / day) * day

/** A registry with the organization acme: ada is an admin, bob a reader, and eve isn't a member. */
async function withAcme(t: TestContext, changes: Parameters<typeof createWorld>[1] = {}) {
  const world = await createWorld(t, {browserLogin: true, ...changes})
  for (const user of ['ada', 'bob', 'eve']) await world.addUser(user)
  await world.addOrganization('acme', {ada: 'admin', bob: 'reader'})
  const {accessToken} = await world.logIn('ada')
  return {world, session: accessToken}
}

async function browserOf(world: World, username: string): Promise<Browser> {
  const browser = new Browser(world)
  assert.equal((await browser.submit('/-/login', {username, password})).status, 303)
  return browser
}

async function refresh(world: World) {
  await world.store.downloads.refreshMostInstalled('test', dayOf(world.now()) - 29 * day, world.now())
}

const namesIn = (html: string) =>
  [...html.matchAll(/<a class="name" href="[^"]*"><bdi>([^<]*)/g)].map(([, name]) => name)

/** Follows the links to the next page. @returns the HTML of each page */
async function pagesFrom(world: World, url: string): Promise<string[]> {
  const pages: string[] = []
  for (let next: string | undefined = url; next !== undefined;) {
    const {status, html}: {status: number; html: string} = await getPage(world, next.replaceAll('&amp;', '&'))
    assert.equal(status, 200)
    pages.push(html)
    next = /rel="next" href="([^"]*)"/.exec(html)?.[1]
  }
  return pages
}

describe('downloads', () => {
  it('downloads: a GET of a tarball counts if it is answered from the first byte, and is written at shutdown', async (t) => {
    const {world, session} = await withAcme(t)
    await world.publish(session, {name: '@acme/tool'})
    const url = '/packages/@acme%2Ftool/1.0.0/tarball'
    const get = async (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
      (await world.app.inject({method, url, headers})).statusCode
    const {headers} = await world.app.inject({url})
    assert.equal(await get({range: 'bytes=0-2'}), 206)
    assert.equal(await get({range: 'bytes=0-'}), 206)
    assert.equal(await get({range: 'bytes=3-'}), 206)
    assert.equal(await get({range: 'bytes=-2'}), 206)
    assert.equal(await get({range: 'bytes=100-'}), 416)
    assert.equal(await get({'if-none-match': String(headers.etag)}), 304)
    assert.equal(await get({}, 'HEAD'), 200)
    assert.equal((await world.app.inject({url: url.replace('1.0.0', '2.0.0')})).statusCode, 404)
    assert.deepEqual(await world.query('SELECT count FROM downloads'), [])
    await world.app.close()
    const rows = await world.query(
      'SELECT p.name, d.day, d.count FROM downloads d JOIN packages p ON p.id = d.package_id',
    )
    assert.deepEqual(
      rows.map((row) => ({...row})),
      [{name: '@acme/tool', day: dayOf(world.now()), count: 3}],
    )
  })

  it('downloads: the page of a package has a bar and a row for each of 12 weeks, and another ETag on another day', async (t) => {
    const {world, session} = await withAcme(t)
    await world.publish(session, {name: '@acme/tool'})
    const none = await getPage(world, '/@acme/tool')
    assert.match(none.html, /None in the last 12 weeks/)
    const today = dayOf(world.now())
    await world.store.downloads.add([
      {name: '@acme/tool', day: today, count: 1200},
      {name: '@acme/tool', day: today - 6 * day, count: 34},
      {name: '@acme/tool', day: today - 7 * day, count: 2},
      {name: '@acme/tool', day: today - 83 * day, count: 1},
      {name: '@acme/tool', day: today - 84 * day, count: 77},
    ])
    const {html, headers} = await getPage(world, '/@acme/tool')
    assert.match(html, /<strong>1,234<\/strong> in the last 7 days/)
    assert.match(html, /Downloads from this registry, caches not counted/)
    assert.equal(html.match(/<rect /g)?.length, 12)
    const rows = [...html.matchAll(/<tr><td>([\d-]+)<\/td><td>([\d-]+)<\/td><td class="number">([\d,]+)/g)]
    assert.deepEqual(rows.map(([, from, to, count]) => [from, to, count]).slice(0, 2), [
      ['2026-11-17', '2026-11-23', '1,234'],
      ['2026-11-10', '2026-11-16', '2'],
    ])
    assert.deepEqual([rows.length, rows.at(-1)?.slice(1)], [12, ['2026-09-01', '2026-09-07', '1']])
    assert.doesNotMatch(html, /style=/)
    const again = {'if-none-match': headers['etag'] ?? ''}
    assert.equal((await getPage(world, '/@acme/tool', again)).status, 304)
    world.pass(day)
    assert.equal((await getPage(world, '/@acme/tool', again)).status, 200)
  })

  it('home page: the most installed packages are those that the visitor may see', async (t) => {
    const {world, session} = await withAcme(t)
    await world.publish(session, {name: '@acme/tool'})
    await world.publish(session, {name: '@acme/other'})
    const count = async (name: string, count: number) => {
      await world.store.downloads.add([{name, day: dayOf(world.now()), count}])
      await refresh(world)
    }
    assert.doesNotMatch((await getPage(world, '/')).html, /Most installed/)
    await count('@acme/tool', 3)
    await count('@acme/other', 1)
    const before = await getPage(world, '/')
    assert.deepEqual(namesIn(before.html).slice(0, 2), ['@acme/tool', '@acme/other'])
    assert.match(before.html, />3 downloads<[^]*>1 download</)
    await world.publish(session, {name: '@acme/secret', visibility: 'private'})
    await count('@acme/secret', 99)
    assert.equal((await getPage(world, '/')).html, before.html)
    const eve = await (await browserOf(world, 'eve')).get('/')
    assert.deepEqual(namesIn(eve.html).slice(0, 2), ['@acme/tool', '@acme/other'])
    const bob = await (await browserOf(world, 'bob')).get('/')
    assert.deepEqual(namesIn(bob.html).slice(0, 3), ['@acme/secret', '@acme/tool', '@acme/other'])
    assert.deepEqual(namesIn((await getPage(world, '/')).html).slice(0, 2), ['@acme/tool', '@acme/other'])
  })
})

describe('dependents and dependencies', () => {
  it('dependents: lists have pages of 50 with every package once, and links', async (t) => {
    const {world, session} = await withAcme(t)
    const names = Array.from({length: 60}, (_, n) => `@acme/user-${String(n).padStart(2, '0')}`)
    for (const name of names) await world.publish(session, {name, dependencies: {'@acme/tool': '^1.0.0'}})
    await world.publish(session, {
      name: '@acme/tool',
      dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
    })
    const {html} = await getPage(world, '/@acme/tool')
    assert.match(
      html,
      /<h2>Dependents<\/h2><ul[^>]*><li><a href="\/@acme\/user-00">@acme\/user-00<\/a> <span class="mono">\^1\.0\.0/,
    )
    assert.match(html, /href="\/-\/dependents\/@acme\/tool">All dependents/)
    assert.match(html, /href="\/-\/dependencies\/@acme\/tool\/1\.0\.0">All dependencies/)
    for (const url of ['/-/dependents/@acme/tool', '/-/dependencies/@acme/tool/1.0.0']) {
      const pages = await pagesFrom(world, url)
      const listed = pages.map((page) =>
        [...page.matchAll(/<li><a href="\/(@acme\/user-\d\d)">/g)].map(([, name]) => name),
      )
      assert.deepEqual(
        listed.map(({length}) => length),
        [50, 10],
      )
      assert.deepEqual(listed.flat(), names)
    }
    assert.equal((await getPage(world, '/-/dependents/@acme/tool?cursor=%00')).status, 400)
  })
})

describe('the page of a scope', () => {
  const visible = (html: string) => ({
    names: namesIn(html),
    members: /<h2>Members/.test(html),
    manage: /Manage</.test(html),
  })

  it('scope page: shows packages to everyone, members to members, and how to manage it to admins', async (t) => {
    const {world, session} = await withAcme(t)
    await world.publish(session, {name: '@acme/tool'})
    await world.publish(session, {name: '@acme/secret', visibility: 'private'})
    const stranger = await getPage(world, '/@acme')
    const all = ['@acme/secret', '@acme/tool']
    assert.deepEqual(visible(stranger.html), {names: ['@acme/tool'], members: false, manage: false})
    assert.doesNotMatch(stranger.html, /\bbob\b|secret/)
    for (const [user, expected] of [
      ['ada', {names: all, members: true, manage: true}],
      ['bob', {names: all, members: true, manage: false}],
      ['eve', {names: ['@acme/tool'], members: false, manage: false}],
    ] as const) {
      const {html} = await (await browserOf(world, user)).get('/@acme')
      assert.deepEqual(visible(html), expected, user)
    }
    assert.match((await getPage(world, '/@acme/tool')).html, /<dt>Owner<\/dt><dd><a href="\/@acme">@acme<\/a>/)
  })

  it('scope page: of a user, shows the public signing keys', async (t) => {
    const {world, session} = await withAcme(t)
    const {publicKey} = generateKeyPair()
    const key = {publicKey: toBase64(publicKey), name: 'private laptop name'}
    assert.equal((await world.call('POST', '/auth/keys', {body: key, token: session})).status, 200)
    await world.publish(session, {name: '@ada/tool'})
    const {html} = await getPage(world, '/@ada')
    assert.ok(html.includes(`<code>${keyIdOf(publicKey)}</code>`))
    assert.ok(html.includes(`<code>${key.publicKey}</code>`))
    assert.doesNotMatch(html, /laptop|@example\.com/)
  })

  it('scope page: without a visible package, it is the page of a scope that does not exist, except for its own', async (t) => {
    const {world, session} = await withAcme(t)
    const pageOf = async (get: (url: string) => Promise<{status: number; html: string}>, scope: string) => {
      const {status, html} = await get(`/@${scope}`)
      return [status, withoutRequestId(html).replaceAll(scope, 'scope')]
    }
    const anonymous = (url: string) => getPage(world, url)
    const eve = await browserOf(world, 'eve')
    const asEve = (url: string) => eve.get(url)
    await world.publish(session, {name: '@acme/secret', visibility: 'private'})
    await world.publish(session, {name: '@ada/secret', visibility: 'private'})
    for (const get of [anonymous, asEve]) {
      const none = await pageOf(get, 'nobody')
      assert.equal(none[0], 404)
      for (const scope of ['acme', 'ada', 'bob']) assert.deepEqual(await pageOf(get, scope), none, scope)
    }
    assert.equal((await eve.get('/@eve')).status, 200)
    assert.equal((await (await browserOf(world, 'bob')).get('/@acme')).status, 200)
    await world.publish(session, {name: '@ada/tool'})
    const before = await getPage(world, '/@ada')
    assert.equal(before.status, 200)
    await world.publish(session, {name: '@ada/another-secret', visibility: 'private'})
    assert.equal((await getPage(world, '/@ada')).html, before.html)
    assert.equal((await getPage(world, '/%40ada')).html, before.html)
  })

  it('scope page: has pages of 50 packages', async (t) => {
    const {world, session} = await withAcme(t)
    const names = Array.from({length: 51}, (_, n) => `@acme/p${String(n).padStart(2, '0')}`)
    for (const name of names) await world.publish(session, {name})
    const pages = await pagesFrom(world, '/@acme')
    assert.deepEqual(pages.flatMap(namesIn), names)
    assert.equal(pages.length, 2)
    assert.match(pages[1]!, /href="\/@acme">First page/)
  })

  it('search page: has pages of 50 packages with every package once', async (t) => {
    const {world, session} = await withAcme(t)
    for (let n = 0; n < 51; n++) await world.publish(session, {name: `@acme/p${n}`})
    for (const url of ['/-/search?q=acme', '/-/search']) {
      const pages = (await pagesFrom(world, url)).map(namesIn)
      assert.deepEqual(
        pages.map(({length}) => length),
        [50, 1],
        url,
      )
      assert.equal(new Set(pages.flat()).size, 51)
    }
    assert.equal((await getPage(world, '/-/search?cursor=x')).status, 400)
  })

  it('scope page: a takedown hides the last package at once', async (t) => {
    const {world, session} = await withAcme(t)
    await world.publish(session, {name: '@ada/tool'})
    assert.equal((await getPage(world, '/@ada')).status, 200)
    await world.store.packages.takeDown({name: '@ada/tool', version: '1.0.0', reason: 'x'}, operator, world.now())
    assert.equal((await getPage(world, '/@ada')).status, 404)
  })
})
