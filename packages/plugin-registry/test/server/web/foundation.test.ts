import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {createWorld} from '../../support/world.js'
import {getPage, withoutRequestId} from '../../support/web.js'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

describe('the headers of pages', () => {
  it('page headers: a page and an error have the same policy, and nothing inline', async (t) => {
    const world = await createWorld(t)
    for (const url of ['/', '/-/search?q=x', '/-/nothing', '/@ada/none', '/@ada']) {
      const {headers, html} = await getPage(world, url)
      assert.equal(headers['content-type'], 'text/html; charset=utf-8', url)
      assert.equal(headers['content-security-policy'], policy, url)
      assert.equal(headers['referrer-policy'], 'same-origin', url)
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.doesNotMatch(html, /<style|style=|<script(?! type="module" src="[^"]+"><\/script>)/, url)
    }
  })

  it('page headers: the API does not have them', async (t) => {
    const {headers} = await (await createWorld(t)).call('GET', '/healthz')
    assert.equal(headers['content-security-policy'], undefined)
  })

  it('page cache: anonymous visitors share a page and revalidate it; a cookie makes it private', async (t) => {
    const world = await createWorld(t)
    const {headers} = await getPage(world, '/')
    assert.equal(headers['cache-control'], 'public, max-age=0, must-revalidate')
    assert.match(headers['vary'] ?? '', /Cookie/)
    const again = await getPage(world, '/', {'if-none-match': headers['etag'] ?? ''})
    assert.deepEqual([again.status, again.html], [304, ''])
    assert.equal((await getPage(world, '/', {cookie: 'a=b'})).headers['cache-control'], 'private, no-cache')
  })

  it('page compression: a page is sent with brotli or gzip if the browser accepts it', async (t) => {
    const world = await createWorld(t)
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const {headers} = await getPage(world, '/', {'accept-encoding': accepted})
      assert.equal(headers['content-encoding'], encoding, accepted)
    }
  })
})

describe('refusals at the addresses of pages', () => {
  it('error page: has the status of the API, the request ID, and no challenge', async (t) => {
    const world = await createWorld(t, {anonymousRead: false})
    const {status, headers, html} = await getPage(world, '/')
    assert.equal(status, 401)
    assert.equal(headers['www-authenticate'], undefined)
    assert.match(html, new RegExp(`Request ID: <code>${headers['x-request-id'] ?? '-'}<`))
    assert.doesNotMatch(html, /Newest/)
  })

  it('error page: API addresses respond with problems, whatever Accept says', async (t) => {
    const world = await createWorld(t)
    for (const url of ['/nothing', '/packages/%40ada%2Fnone', '/ada', '/auth/whoami']) {
      const {headers} = await getPage(world, url)
      assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8', url)
    }
  })

  it('error page: another method than GET is 405 with Allow', async (t) => {
    const {app} = await createWorld(t)
    const {statusCode, headers} = await app.inject({method: 'DELETE', url: '/-/search'})
    assert.equal(statusCode, 405)
    assert.equal(headers['allow'], 'GET, HEAD')
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  })

  it('error page: a repeated parameter of the URL is refused', async (t) => {
    assert.equal((await getPage(await createWorld(t), '/-/search?q=a&q=b')).status, 400)
  })
})

describe('the address of a package', () => {
  it('package address: the @ can be encoded', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    await world.publish(accessToken, {name: '@ada/tool', version: '1.0.0'})
    for (const url of ['/@ada/tool', '/%40ada/tool', '/%40ada/tool/v/1.0.0']) {
      const {status, html} = await getPage(world, url)
      assert.deepEqual([status, html.includes('@ada/tool')], [200, true], url)
    }
    assert.equal((await getPage(world, '/%40ada/none')).status, 404)
  })
})

describe('a private package', () => {
  it('private package: its page is the same as that of a package that does not exist', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const urls = ['/', '/-/search?q=', '/-/search?q=tool', '/@ada/tool', '/@ada/tool/v/1.0.0', '/@ada']
    const before = await Promise.all(urls.map((url) => getPage(world, url)))
    const {accessToken} = await world.logIn('ada')
    await world.publish(accessToken, {name: '@ada/tool', version: '1.0.0', visibility: 'private'})
    const after = await Promise.all(urls.map((url) => getPage(world, url)))
    for (const [position, url] of urls.entries()) {
      assert.equal(after[position]!.status, before[position]!.status, url)
      assert.equal(withoutRequestId(after[position]!.html), withoutRequestId(before[position]!.html), url)
    }
    // A public package of the same name shows that the pages would differ.
    await world.publish(accessToken, {name: '@ada/other', version: '1.0.0'})
    assert.notEqual((await getPage(world, '/')).html, before[0]!.html)
  })
})

describe('assets', () => {
  it('asset: is immutable, compressed and found by its hash alone', async (t) => {
    const world = await createWorld(t)
    const {html} = await getPage(world, '/')
    const paths = [...html.matchAll(/(?:src|href)="(\/-\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
    assert.ok(paths.length >= 3)
    for (const path of paths) {
      const {status, headers} = await getPage(world, path, {'accept-encoding': 'br'})
      assert.equal(status, 200, path)
      assert.match(headers['cache-control'] ?? '', /immutable/)
      assert.equal(headers['content-encoding'], 'br')
    }
    assert.equal((await getPage(world, '/-/assets/0000000000000000.css')).status, 404)
    assert.equal((await getPage(world, '/-/assets/..%2fstyle.css')).status, 404)
  })
})

describe('robots.txt', () => {
  it('robots.txt: disallows everything', async (t) => {
    const {status, html, headers} = await getPage(await createWorld(t), '/robots.txt')
    assert.deepEqual([status, html], [200, 'User-agent: *\nDisallow: /\n'])
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8')
  })
})

describe('the public URL', () => {
  const publicUrl = new URL('https://registry.example')

  it('public URL: a page on another host redirects there, and the API responds', async (t) => {
    const world = await createWorld(t, {publicUrl})
    const {status, headers} = await getPage(world, '/-/search?q=a', {host: 'old.example'})
    assert.deepEqual([status, headers['location']], [307, 'https://registry.example/-/search?q=a&redirected=1'])
    assert.equal((await getPage(world, '/', {host: 'registry.example'})).status, 200)
    assert.equal((await getPage(world, '/healthz', {host: 'old.example'})).status, 200)
  })

  it('public URL: the name of the server behind a proxy does not cause a redirect loop', async (t) => {
    const world = await createWorld(t, {publicUrl})
    for (const host of ['127.0.0.1:4873', 'localhost', 'registry:4873']) {
      assert.equal((await getPage(world, '/', {host})).status, 200, host)
    }
  })

  it('public URL: a proxy that sends a name with dots as the host gets one redirect, and then the page', async (t) => {
    const world = await createWorld(t, {publicUrl})
    const host = 'apkg.internal.example:4873'
    const {headers} = await getPage(world, '/', {host})
    const {pathname, search, origin} = new URL(headers['location'] ?? '')
    assert.equal(origin, publicUrl.origin)
    assert.equal((await getPage(world, pathname + search, {host})).status, 200)
  })

  it('public URL: every link has its path', async (t) => {
    const world = await createWorld(t, {publicUrl: new URL('https://registry.example/a&b/')})
    await world.addUser('ada')
    const {accessToken} = await world.logIn('ada')
    await world.publish(accessToken, {name: '@ada/tool', version: '1.0.0'})
    for (const url of ['/a&b/', '/a&b/@ada/tool', '/a&b/-/search?q=tool', '/a&b/-/none']) {
      const {html} = await getPage(world, url, {host: 'registry.example'})
      const links = [...html.matchAll(/(?:href|src|action)="([^"#][^"]*)"/g)].map(([, link]) => link ?? '')
      assert.ok(links.length > 4, url)
      for (const link of links) assert.match(link, /^\/a&amp;b\/|^\/a&amp;b\?/, `${url}: ${link}`)
    }
  })

  it('public URL: https off loopback has HSTS, without other hosts of the domain', async (t) => {
    const world = await createWorld(t, {publicUrl})
    for (const url of ['/', '/-/none', '/@ada', '/@ada/none']) {
      const {headers} = await getPage(world, url, {host: 'registry.example'})
      assert.equal(headers['strict-transport-security'], 'max-age=31536000', url)
    }
    const local = await getPage(await createWorld(t), '/')
    assert.equal(local.headers['strict-transport-security'], undefined)
  })
})

describe('a registry without pages', () => {
  it('no web: no path returns HTML', async (t) => {
    const world = await createWorld(t, {web: false})
    for (const url of ['/', '/@ada/tool', '/-/search?q=a', '/-/assets/x.css', '/-/login', '/@ada']) {
      const {status, headers} = await getPage(world, url)
      assert.deepEqual([status, headers['content-type']], [404, 'application/problem+json; charset=utf-8'], url)
    }
  })
})
