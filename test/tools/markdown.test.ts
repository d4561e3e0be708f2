import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import fc from 'fast-check'

import {formatMarkdown, parseMarkdown} from '../../src/tools/markdown.js'
import {parseFrontmatter} from '../support/discovery/frontmatter.js'

const texts = fc.string({unit: 'grapheme'})
const special = fc.constantFrom(
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
  any: fc.oneof({depthSize: 'small'}, texts, special, fc.boolean(), fc.integer(), tie('list'), tie('map')),
  list: fc.array(tie('any'), {maxLength: 3}),
  map: fc.dictionary(fc.oneof(texts, special), tie('any'), {maxKeys: 3, noNullPrototype: true}),
})).map

describe('parseMarkdown', () => {
  it('splits off the frontmatter, with LF and CRLF', () => {
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
    'a single quote': "---\n'\n---\nBody",
    'an unterminated quote': '---\ndescription: "\n---\nBody',
    'a list': '---\n- a\n---\nBody',
    'a string': '---\na\n---\nBody',
    'a duplicate field': '---\na: 1\na: 2\n---\nBody',
    'an unterminated fence': '---\na: 1\nBody',
    'an alias': '---\na: &x {}\nb: *x\n---\nBody',
    'an alias bomb': `---\na: &a [x]\n${[...'bcdefgh'].map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}\n---\n`,
    'too long': `---\na: ${'x'.repeat(20_000)}\n---\nBody`,
    'deeply nested lists': `---\na: ${'['.repeat(16_000)}\n---\nBody`,
    'deeply nested mappings': `---\na: ${'{a: '.repeat(4000)}\n---\nBody`,
    'deeply nested lists on one line': `---\n${'- '.repeat(8000)}a\n---\nBody`,
    'deeply nested keys': `---\n${'? '.repeat(8000)}a\n---\nBody`,
  }
  for (const [what, text] of Object.entries(none)) {
    it(`keeps frontmatter in the body if it is ${what}`, () => {
      assert.deepEqual(parseMarkdown(text), {frontmatter: undefined, body: text})
    })
  }

  it('does not treat __proto__ as the prototype', () => {
    const {frontmatter} = parseMarkdown('---\n__proto__: {description: x}\nconstructor: y\n---\n')
    assert.equal(frontmatter?.['description'], undefined)
    assert.deepEqual(Object.keys(frontmatter ?? {}), ['__proto__', 'constructor'])
    assert.equal(({} as {description?: string}).description, undefined)
  })
})

describe('formatMarkdown', () => {
  it('writes frontmatter that YAML 1.1 and 1.2 read back unchanged, and that nothing ends early', () => {
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

  it('escapes invisible characters', () => {
    const text = formatMarkdown({frontmatter: {a: 'x\u202Ey\u0007z\u0085\uD800'}, body: ''})
    assert.match(text, /^---\na: "[ -~\uFFFD]*"\n---\n/)
    assert.equal(parseFrontmatter(text).fields['a'], 'x\u202Ey\u0007z\u0085\uFFFD')
  })

  it('never lets a body be read as frontmatter', () => {
    assert.equal(formatMarkdown({frontmatter: undefined, body: '---\nname: x\n---\n'}), '\n---\nname: x\n---\n')
    const twice = parseMarkdown('---\na: 1\n---\n---\nname: x\n---\n')
    assert.equal(formatMarkdown({frontmatter: {}, body: twice.body}), '\n---\nname: x\n---\n')
  })
})
