import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {renderReadme} from '../../../src/server/previews/render-readme.js'
import {hostileTexts} from '../../support/hostile-readmes.js'

const allowed = new Set(
  'a b blockquote br code dd del details div dl dt em h2 h3 h4 h5 h6 hr i img input ins kbd li ol p pre q rp rt ruby s samp section span strike strong sub summary sup table tbody td tfoot th thead tr tt ul var'.split(
    ' ',
  ),
)

/** The tags and attributes of HTML that was serialized by a library: texts and values have no `<`. */
function* tagsOf(html: string): Generator<{name: string; attributes: [string, string][]}> {
  for (const [, name = '', rest = ''] of html.matchAll(/<([a-z][^\s/>]*)((?:[^>"]|"[^"]*")*)>/gi)) {
    const attributes = [...rest.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)].map(
      ([, key = '', value = '']) => [key, value] as [string, string],
    )
    yield {name: name.toLowerCase(), attributes}
  }
}

describe('hostile readmes', () => {
  it(`readme: nothing of ${hostileTexts.length} hostile texts runs, loads or leaves the list of allowed HTML`, () => {
    assert.ok(hostileTexts.length >= 100)
    for (const text of hostileTexts) {
      const html = renderReadme(text, 'README.md') ?? ''
      for (const {name, attributes} of tagsOf(html)) {
        assert.ok(allowed.has(name), `${text}: <${name}>`)
        for (const [key, value] of attributes) {
          assert.doesNotMatch(key, /^(?:on|style$|srcset$|srcdoc$|formaction$|target$|ping$)/i, text)
          if (key === 'href') assert.match(value, /^(?:https?:\/\/|mailto:|#readme-|apkg-file:[\w%.!~*'()-]*$)/, text)
          if (key === 'src') assert.match(value, /^apkg-image:[\w%.!~*'()-]*$/, text)
          if (key === 'id') assert.match(value, /^readme-/, text)
        }
      }
    }
  })

  it('readme: links of others are marked, and images of other hosts are links with the host', () => {
    const html = renderReadme('[a](https://a.example) ![pic](https://b.example/x.png)', 'README.md')
    assert.match(html!, /<a href="https:\/\/a\.example" rel="nofollow ugc noopener noreferrer">a<\/a>/)
    assert.match(html!, /<a href="https:\/\/b\.example\/x\.png"[^>]*>pic \(image on b\.example\)<\/a>/)
  })

  it('readme: a relative link starts from the readme, and none leaves the package', () => {
    const html = renderReadme('[a](../b.md#x) [c](../../../d)', 'docs/README.md')
    assert.match(html!, /href="apkg-file:b\.md"/)
    assert.match(html!, /href="apkg-file:d"/)
  })

  it('readme: a link is to http, https, mailto or a file of the package, and to no other host without a scheme', () => {
    for (const href of [
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'http:\\\\evil.example',
      '\\\\evil.example',
    ]) {
      const html = renderReadme(`<a href="${href}">a</a>`, 'README.md')
      assert.equal(html, '<p><a>a</a></p>', href)
    }
    assert.match(renderReadme('<a href="mailto:a@b.example">a</a>', 'README.md')!, /href="mailto:a@b\.example"/)
  })

  it('readme: cannot set access keys or the order of focus', () => {
    assert.equal(renderReadme('<b accesskey="s" tabindex="1">a</b>', 'README.md'), '<p><b>a</b></p>')
  })

  it('readme: links are not nested, so an image of another host is its text in a link', () => {
    const html = renderReadme('[![build](http://shield.example/x.svg)](http://target.example)', 'README.md')
    const rel = 'rel="nofollow ugc noopener noreferrer"'
    assert.equal(html, `<p><a href="http://target.example" ${rel}><span>build</span></a></p>`)
    const own = renderReadme('[![logo](x.png)](http://target.example)', 'README.md')
    assert.match(own!, /<a [^>]*><img src="apkg-image:x\.png" alt="logo" loading="lazy"><\/a>/)
    for (const text of [
      '<a href="b"><table><tr><td><a href="c">x</a></td></tr></table></a>',
      '<a href="b"><object><a href="c">x</a></object></a>',
    ]) {
      assert.doesNotMatch(renderReadme(text, 'README.md')!, /<a(?:(?!<\/a>)[^])*<a/, text)
    }
  })

  it('readme: one that becomes more than 512 KiB of HTML is not rendered', () => {
    const address = 'x'.repeat(10_000)
    assert.equal(renderReadme(`[a]: <http://e.example/${address}>\n\n${'[a] '.repeat(2600)}`, 'README.md'), undefined)
    // It would take a gigabyte.
    const repeated = `[a]: <http://e.example/${'x'.repeat(60_000)}>\n\n${'[a] '.repeat(16_000)}`
    assert.equal(renderReadme(repeated, 'README.md'), undefined)
    assert.equal(renderReadme('&'.repeat(110_000), 'README.md'), undefined)
    assert.equal(renderReadme('[a](b) '.repeat(1001), 'README.md'), undefined)
    assert.notEqual(renderReadme('[a](b) '.repeat(1000), 'README.md'), undefined)
    assert.notEqual(
      renderReadme(`[a]: <http://e.example/${'x'.repeat(1000)}>\n\n${'[a] '.repeat(400)}`, 'README.md'),
      undefined,
    )
  })
})
