import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {packageOf} from '../../support/uploads.js'
import {hostileTexts} from '../../support/hostile-readmes.js'
import {createWebWorld, getPage, upload, withoutRequestId} from '../../support/web.js'
import {createWorld} from '../../support/world.js'

const skill = {'SKILL.md': '---\nname: tool\ndescription: A tool\n---\n\nUse it.\n'}

/** Every page, with the status for a stranger, and whether it shows something of a package. */
const pages: [string, number][] = [
  ['/', 200],
  ['/-/search?q=tool', 200],
  ['/@ada/tool', 200],
  ['/@ada/tool/v/1.0.0', 200],
  ['/@ada/tool/v/9.0.0', 404],
  ['/@ada', 200],
  ['/@none', 404],
  ['/-/dependents/@ada/tool', 200],
  ['/-/dependencies/@ada/tool/1.0.0', 200],
  ['/-/tools/@ada/tool/1.0.0', 200],
  ['/-/tools/@ada/tool/1.0.0?tool=claude-code&path=.claude/skills/ada-tool/SKILL.md', 200],
  ['/-/tools/@ada/tool/1.0.0?tool=none&path=none', 404],
  ['/-/files/@ada/tool/1.0.0', 200],
  ['/-/files/@ada/tool/1.0.0?path=SKILL.md', 200],
  ['/-/raw/@ada/tool/1.0.0?path=SKILL.md', 200],
  ['/@ada/secret', 404],
  ['/@ada/secret/v/1.0.0', 404],
  ['/-/tools/@ada/secret/1.0.0', 404],
  ['/-/dependents/@ada/secret', 404],
  ['/-/dependencies/@ada/secret/1.0.0', 404],
  ['/-/files/@ada/secret/1.0.0?path=SKILL.md', 404],
  ['/-/raw/@ada/secret/1.0.0?path=SKILL.md', 404],
]

describe('pages and credentials', () => {
  it('page: shows the same for every kind of credential in Authorization, which pages ignore', async (t) => {
    const {world, previews, token} = await createWebWorld(t)
    await upload(world, token, await packageOf({name: '@ada/tool'}, skill))
    await upload(world, token, await packageOf({name: '@ada/secret', visibility: 'private'}, skill))
    await previews.idle()
    const api = await world.createToken(token, {name: 'ci', scopes: ['read']})
    for (const [url, expected] of pages) {
      const stranger = await getPage(world, url)
      assert.equal(stranger.status, expected, url)
      if (!url.includes('secret')) assert.doesNotMatch(stranger.html, /secret/, url)
      for (const authorization of [`Bearer ${token}`, `Bearer ${api.token}`, 'Bearer wrong', 'Basic YTpi', 'x']) {
        const {status, html, headers} = await getPage(world, url, {authorization})
        assert.equal(status, expected, url)
        assert.equal(withoutRequestId(html), withoutRequestId(stranger.html), url)
        assert.equal(headers['apkg-credential-expires'], undefined)
      }
    }
  })

  it('page: visitors who cannot read see no page', async (t) => {
    const {world, previews, token} = await createWebWorld(t, {anonymousRead: false})
    await upload(world, token, await packageOf({name: '@ada/tool'}, skill))
    await previews.idle()
    for (const [url] of pages) {
      const {status, html, headers} = await getPage(world, url)
      assert.equal(status, 401, url)
      assert.equal(headers['cache-control'], 'no-store')
      // Links to log in return to what was asked for.
      const shown = html.replace(/<form[^]*?<\/form>/, '').replaceAll(/ href="\/-\/login\?[^"]*"/g, '')
      assert.doesNotMatch(shown, /tool|secret|SKILL/, url)
    }
  })
})

describe('empty lists', () => {
  it('home page: without users, shows the command that adds one; later, how to get started', async (t) => {
    const world = await createWorld(t)
    assert.match((await getPage(world, '/')).html, /apkg registry user add/)
    await world.addUser('ada')
    const {html} = await getPage(world, '/')
    assert.match(html, /apkg login --registry/)
    assert.match(html, /apkg publish/)
  })
})

describe('hostile metadata', () => {
  it(`metadata: ${hostileTexts.length} hostile texts stay texts on each page that shows them`, async (t) => {
    const {world, token} = await createWebWorld(t)
    const name = '@ada/evil'
    for (const [position, text] of hostileTexts.entries()) {
      const value = text.replaceAll('\0', '').slice(0, 500)
      const version = `1.0.${position}`
      const draft = {description: value, license: value, homepage: value, repository: value, keywords: [value]}
      await world.publish(token, {name, version, ...draft})
      const body = {deprecated: value.trim() || 'x'}
      await world.call('PATCH', `/packages/@ada%2Fevil/${version}`, {token, body})
      const search = `/-/search?q=${encodeURIComponent(value.slice(0, 100).replaceAll(/\p{Cc}/gu, ''))}`
      for (const url of [`/@ada/evil/v/${version}`, '/@ada', '/', search]) {
        const {html} = await getPage(world, url)
        const own = html.replaceAll(/<script type="module" src="\/-\/assets\/[\w.]+"><\/script>/g, '')
        assert.doesNotMatch(own, /<(?:script|svg|iframe|math|object|style|base|video|template|xmp)\b/i, text)
        for (const [, attributes = ''] of own.matchAll(/<[a-z]+((?:\s+[\w-]+(?:="[^"]*")?)*)/gi)) {
          assert.doesNotMatch(attributes.replaceAll(/"[^"]*"/g, '""'), /\s(?:on\w+|style|srcdoc)=/i, text)
        }
        for (const [, address = ''] of own.matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
          assert.match(address, /^(?:https?:\/\/|\/|#content$)/, text)
        }
      }
    }
  })
})
