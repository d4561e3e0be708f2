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
          if (key === 'href')
            assert.match(value, /^(?:https?:|mailto:|\/[/\\]|#readme-|apkg-file:[\w%.!~*'()-]*$)/, text)
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
})
