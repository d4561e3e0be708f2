import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {Browser} from '../../support/browser.js'
import {getPage, type PageAnswer} from '../../support/web.js'
import {createWorld, hour, password, type World} from '../../support/world.js'

/** A registry with the organization acme: ada is an admin, bob a reader, and eve isn't a member. */
async function withAcme(t: TestContext) {
  const world = await createWorld(t, {browserLogin: true, publicUrl: new URL('http://localhost:4873')})
  for (const user of ['ada', 'bob', 'eve']) await world.addUser(user)
  await world.addOrganization('acme', {ada: 'admin', bob: 'reader'})
  return {world, ada: await browserOf(world, 'ada')}
}

async function browserOf(world: World, username: string): Promise<Browser> {
  const browser = new Browser(world)
  assert.equal((await browser.submit('/-/login', {username, password})).status, 303)
  return browser
}

/** Where an answer redirects to, without the notice. */
const pathOf = ({headers}: PageAnswer) => headers['location']?.split('?')[0]

const home = '/-/organizations/acme'

const rolesIn = (html: string) =>
  [...html.matchAll(/<tr><td>(\w+)<\/td><td>(\w+)<\/td>/g)].map(([, user, role]) => `${user} ${role}`)

describe('the pages of an organization', () => {
  it('organization pages: each has the same status for a name that does not exist as for an outsider', async (t) => {
    const {world, ada} = await withAcme(t)
    const bob = await browserOf(world, 'bob')
    const eve = await browserOf(world, 'eve')
    // The statuses for an admin and for a member.
    for (const [path, admin, member] of [
      ['', 200, 200],
      ['/member', 200, 403],
      ['/remove-member?user=bob', 200, 403],
      ['/tokens', 200, 403],
      ['/publishers', 200, 403],
      ['/require-publishers', 200, 403],
    ] as const) {
      const url = home + path
      assert.equal((await ada.get(url)).status, admin, url)
      assert.equal((await bob.get(url)).status, member, url)
      const [outsider, none] = [await eve.get(url), await eve.get(url.replace('acme', 'nope'))]
      assert.equal(outsider.status, 403, url)
      const shown = ({html}: {html: string}, name: string) =>
        html.replace(/Request ID: <code>[^<]+/, '').replaceAll(name, 'x')
      assert.equal(shown(outsider, 'acme'), shown(none, 'nope'), url)
      const stranger = await getPage(world, url)
      assert.deepEqual([stranger.status, /^\/-\/login\?/.test(stranger.headers['location'] ?? '')], [303, true], url)
      assert.equal((await ada.get(url)).headers['cache-control'], 'no-store')
    }
  })

  it('organization pages: an admin adds a member, changes the role, and removes the member', async (t) => {
    const {ada} = await withAcme(t)
    const added = await ada.submit(`${home}/member`, {user: 'eve', role: 'reader'})
    assert.deepEqual([added.status, pathOf(added)], [303, home])
    const {html} = await ada.get(added.headers['location'] ?? '')
    assert.deepEqual(rolesIn(html), ['ada admin', 'bob reader', 'eve reader'])
    assert.match(html, /eve was added as reader\./)
    await ada.submit(`${home}/member?user=eve`, {role: 'publisher'})
    assert.ok(rolesIn((await ada.get(home)).html).includes('eve publisher'))
    await ada.submit(`${home}/remove-member?user=eve`, {})
    assert.deepEqual(rolesIn((await ada.get(home)).html), ['ada admin', 'bob reader'])
  })

  it('organization pages: a link can name a member, but fills in no role and no choice', async (t) => {
    const {ada} = await withAcme(t)
    const role = (await ada.get(`${home}/member?user=bob&role=admin`)).html
    assert.match(role, /Change the role of bob/)
    assert.match(role, /value="reader"[^>]* checked/)
    assert.doesNotMatch(role, /value="admin"[^>]* checked/)
    const {html} = await ada.get(`${home}/remove-member?user=bob&keep=on`)
    assert.match(html, /name="keep"/)
    assert.doesNotMatch(html, /checked/)
  })

  it('organization pages: what an admin can correct is asked again, and others can change nothing', async (t) => {
    const {world, ada} = await withAcme(t)
    const unknown = await ada.submit(`${home}/member`, {user: 'nobody', role: 'reader'})
    assert.deepEqual([unknown.status, /nobody does not exist/.test(unknown.html)], [400, true])
    assert.match(unknown.html, /value="nobody"/)
    const last = await ada.submit(`${home}/member?user=ada`, {role: 'reader'})
    assert.deepEqual([last.status, /the only admin/.test(last.html)], [400, true])
    const bob = await browserOf(world, 'bob')
    const token = /name="token" value="([^"]+)"/.exec((await bob.get('/-/account')).html)?.[1] ?? ''
    const before = await world.store.organizations.members('id-of-acme')
    for (const [path, form] of [
      ['/member', {user: 'bob', role: 'admin'}],
      ['/remove-member', {user: 'ada'}],
      ['/require-publishers', {required: 'true'}],
    ] as const) {
      assert.equal((await bob.post(home + path, {token, ...form})).status, 403, path)
      assert.equal((await ada.post(home + path, form)).status, 403, path)
    }
    assert.deepEqual(await world.store.organizations.members('id-of-acme'), before)
  })

  it('organization pages: a change long after the login needs the password', async (t) => {
    const {world, ada} = await withAcme(t)
    world.pass(11 * hour)
    const page = await ada.get(`${home}/member`)
    assert.match(page.html, /name="password"/)
    const wrong = await ada.submit(page, {user: 'eve', role: 'reader', password: 'a wrong one'})
    assert.deepEqual([wrong.status, /password is wrong/.test(wrong.html)], [400, true])
    assert.doesNotMatch(wrong.html, /a wrong one/)
    assert.equal((await ada.submit(wrong, {user: 'eve', role: 'reader', password})).status, 303)
    assert.ok(rolesIn((await ada.get(home)).html).includes('eve reader'))
  })

  it('organization pages: its tokens are created, listed, rotated, suspended and revoked', async (t) => {
    const {ada} = await withAcme(t)
    const form = await ada.get('/-/account/new-token?organization=acme')
    assert.doesNotMatch(form.html, /scope-admin/)
    const created = await ada.submit(form, {name: 'deploy <b>', 'scope-publish': 'on', expires: '30d'})
    assert.match(created.html, /apkgt_/)
    assert.match(created.html, /href="\/-\/organizations\/acme\/tokens"/)
    const list = await ada.get(`${home}/tokens`)
    assert.match(list.html, /deploy &lt;b>/)
    assert.doesNotMatch((await ada.get('/-/account')).html, /deploy/)
    const [, id = ''] = /\/-\/account\/token\?id=(\w+)/.exec(list.html) ?? []
    const change = (action: string) => ada.submit(`/-/account/change-token?id=${id}&action=${action}`, {})
    assert.match((await change('rotate')).html, /apkgt_/)
    assert.equal((await change('suspend')).status, 303)
    assert.match((await ada.get(`${home}/tokens`)).html, /suspended/)
    assert.equal((await change('resume')).status, 303)
    assert.equal(pathOf(await change('revoke')), `${home}/tokens`)
    assert.match((await ada.get(`${home}/tokens`)).html, /no tokens yet/)
  })

  it('organization pages: an admin requires trusted publishing, and undoes it', async (t) => {
    const {world, ada} = await withAcme(t)
    const requires = async () =>
      (await world.store.packages.published('@acme/tool', undefined)).requiresTrustedPublisher
    await ada.submit(`${home}/require-publishers`, {})
    assert.equal(await requires(), true)
    assert.match(
      (await ada.get(`${home}/publishers`)).html,
      /Only trusted publishers can change the packages of @acme\./,
    )
    await ada.submit(`${home}/require-publishers`, {})
    assert.equal(await requires(), false)
  })
})
