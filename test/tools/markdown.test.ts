import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import fc from 'fast-check'

import {formatMarkdown, parseMarkdown} from '../../src/tools/markdown.js'
import {parseFrontmatter} from '../support/discovery/frontmatter.js'

const texts = fc.string({unit: 'grapheme'})
const strange = fc.constantFrom(
  '---',
  '...',
  '\n---\n',
  '\u0085x: 1',
  '\u2028---',
  "'",
  '"',
  '\\',
  'yes',
  '1_000',
  '~',
  ': ',
  '#',
)
const value = fc.letrec((tie) => ({
  any: fc.oneof({depthSize: 'small'}, texts, strange, fc.boolean(), fc.integer(), tie('list'), tie('map')),
  list: fc.array(tie('any'), {maxLength: 3}),
  map: fc.dictionary(fc.oneof(texts, strange), tie('any'), {maxKeys: 3, noNullPrototype: true}),
})).map

describe('a Markdown file', () => {
  it('is split at its frontmatter, whatever ends its lines', () => {
    for (const eol of ['\n', '\r\n']) {
      const text = ['---', 'name: a', 'list: [b, c]', '---', '', 'Body', '---', 'more'].join(eol)
      assert.deepEqual(parseMarkdown(`\uFEFF${text}`), {
        frontmatter: {name: 'a', list: ['b', 'c']},
        body: ['', 'Body', '---', 'more'].join(eol),
      })
    }
    assert.deepEqual(parseMarkdown('---\n---\nBody'), {frontmatter: {}, body: 'Body'})
  })

  const none: Record<string, string> = {
    'a quote alone': "---\n'\n---\nBody",
    'a quote that nothing ends': '---\ndescription: "\n---\nBody',
    'a list': '---\n- a\n---\nBody',
    'a text': '---\na\n---\nBody',
    'two fields of one name': '---\na: 1\na: 2\n---\nBody',
    'a fence that nothing ends': '---\na: 1\nBody',
    'an alias': '---\na: &x {}\nb: *x\n---\nBody',
    'a bomb of aliases': `---\na: &a [x]\n${[...'bcdefgh'].map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}\n---\n`,
    'more than a person writes': `---\na: ${'x'.repeat(20_000)}\n---\nBody`,
    'lists that end the process of a careless reader': `---\na: ${'['.repeat(16_000)}\n---\nBody`,
    'mappings within mappings': `---\na: ${'{a: '.repeat(4000)}\n---\nBody`,
    'lists of lists on a line': `---\n${'- '.repeat(8000)}a\n---\nBody`,
    'keys of keys': `---\n${'? '.repeat(8000)}a\n---\nBody`,
  }
  for (const [what, text] of Object.entries(none)) {
    it(`has no frontmatter where that is ${what}`, () => {
      assert.deepEqual(parseMarkdown(text), {frontmatter: undefined, body: text})
    })
  }

  it('takes no field for a prototype', () => {
    const {frontmatter} = parseMarkdown('---\n__proto__: {description: x}\nconstructor: y\n---\n')
    assert.equal(frontmatter?.['description'], undefined)
    assert.deepEqual(Object.keys(frontmatter ?? {}), ['__proto__', 'constructor'])
    assert.equal(({} as {description?: string}).description, undefined)
  })

  it('holds what was put into it, for every reader of YAML, and nothing ends it early', () => {
    fc.assert(
      fc.property(value, texts, (frontmatter, body) => {
        const text = formatMarkdown({frontmatter, body})
        if (Object.keys(frontmatter).length === 0) return
        const lines = text.split(/[\n\r\u0085\u2028\u2029]/)
        assert.equal(lines.slice(1, lines.indexOf('---', 1)).filter((line) => /^(---|\.\.\.)/.test(line)).length, 0)
        const {fields} = parseFrontmatter(text)
        assert.deepEqual(JSON.parse(JSON.stringify(fields)), JSON.parse(JSON.stringify(frontmatter)))
      }),
      {numRuns: 300},
    )
  })

  it('shows the codes of characters that are not seen', () => {
    const text = formatMarkdown({frontmatter: {a: 'x\u202Ey\u0007z\u0085\uD800'}, body: ''})
    assert.match(text, /^---\na: "[ -~\uFFFD]*"\n---\n/)
    assert.equal(parseFrontmatter(text).fields['a'], 'x\u202Ey\u0007z\u0085\uFFFD')
  })

  it('never begins with a frontmatter that is its body', () => {
    assert.equal(formatMarkdown({frontmatter: undefined, body: '---\nname: x\n---\n'}), '\n---\nname: x\n---\n')
    const twice = parseMarkdown('---\na: 1\n---\n---\nname: x\n---\n')
    assert.equal(formatMarkdown({frontmatter: {}, body: twice.body}), '\n---\nname: x\n---\n')
  })
})
