import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {Browser} from '../../support/browser.js'
import {withOperators} from '../../support/operators.js'

async function withLink(t: TestContext) {
  const {world, call} = await withOperators(t, {browserLogin: true, publicUrl: new URL('http://127.0.0.1:4873')})
  const {url} = (await call('POST', '/invitations', {body: {name: 'new', email: 'new@example.com'}})).body
  return {world, browser: new Browser(world), code: new URL(url).hash.slice(1)}
}

const password = 'a fresh pass phrase'

describe('the page of an invitation', () => {
  it('invite page: sets a password without JavaScript, and opening it uses nothing up', async (t) => {
    const {world, browser, code} = await withLink(t)
    for (let count = 0; count < 2; count++) {
      const page = await browser.get('/-/invite')
      assert.deepEqual([page.status, page.headers['cache-control']], [200, 'no-store'])
      assert.ok(page.html.indexOf('At least 8 characters') < page.html.indexOf('type="password"'))
    }
    assert.doesNotMatch((await browser.get(`/-/invite?code=${code}`)).html, new RegExp(`value="${code}"`))
    const differ = await browser.submit('/-/invite', {code, password, repeated: 'another pass phrase'})
    assert.match(differ.html, /The passwords differ/)
    assert.equal(await world.store.users.find('new'), undefined)
    const short = await browser.submit(differ, {code, password: 'short', repeated: 'short'})
    assert.deepEqual([short.status, short.html.includes('short')], [400, false])
    const set = await browser.submit('/-/invite', {code: ` ${code} `, password, repeated: password})
    assert.match(set.html, /You can log in as <bdi>new<\/bdi>/)
    const again = await browser.submit('/-/invite', {code, password, repeated: password})
    assert.deepEqual([again.status, /The link was used/.test(again.html)], [400, true])
  })

  it('invite page: a form of another site changes nothing', async (t) => {
    const {world, browser, code} = await withLink(t)
    await browser.get('/-/invite')
    const form = {code, password, repeated: password}
    assert.equal((await browser.post('/-/invite', form)).status, 403)
    assert.equal((await browser.post('/-/invite', form, {'sec-fetch-site': 'cross-site'})).status, 403)
    assert.equal(await world.store.users.find('new'), undefined)
  })

  it('invite page: a hostile code is shown as text', async (t) => {
    const {browser} = await withLink(t)
    const code = `"><script>alert(1)</script>`
    const {html} = await browser.submit('/-/invite', {code, password, repeated: password})
    assert.equal(html.includes('<script>alert'), false)
  })
})
