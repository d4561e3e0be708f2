import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import fc from 'fast-check'

import {formatMarkdown, parseMarkdown, rewriteMarkdown} from '@apkg/package-format/conversion'

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
  it('parseMarkdown: does not treat __proto__ as the prototype', () => {
    const {frontmatter} = parseMarkdown('---\n__proto__: {description: x}\nconstructor: y\n---\n')
    assert.equal(frontmatter?.['description'], undefined)
    assert.deepEqual(Object.keys(frontmatter ?? {}), ['__proto__', 'constructor'])
    assert.equal(({} as {description?: string}).description, undefined)
  })
})

describe('formatMarkdown', () => {
  it('formatMarkdown: writes frontmatter that YAML 1.1 and 1.2 read back unchanged, and that nothing ends early', () => {
    fc.assert(
      fc.property(value, texts, (frontmatter, body) => {
        const text = formatMarkdown(frontmatter, body)
        if (Object.keys(frontmatter).length === 0) return
        const lines = text.split(/[\n\r\u0085\u2028\u2029]/)
        assert.equal(lines.slice(1, lines.indexOf('---', 1)).filter((line) => /^(---|\.\.\.)/.test(line)).length, 0)
        const {fields} = parseFrontmatter(text)
        assert.deepEqual(JSON.parse(JSON.stringify(fields)), JSON.parse(JSON.stringify(frontmatter)))
      }),
      {numRuns: 300},
    )
  })

  it('formatMarkdown: escapes invisible characters', () => {
    const text = formatMarkdown({a: 'x\u202Ey\u0007z\u0085\uD800'}, '')
    assert.match(text, /^---\na: "[ -~\uFFFD]*"\n---\n/)
    assert.equal(parseFrontmatter(text).fields['a'], 'x\u202Ey\u0007z\u0085\uFFFD')
  })

  it('formatMarkdown: rewrites a field so that YAML 1.1 and 1.2 read the others as before', () => {
    fc.assert(
      fc.property(value, texts, (frontmatter, name) => {
        const text = rewriteMarkdown(parseMarkdown(formatMarkdown({...frontmatter, name: 'x'}, '')), {name})
        const expected = JSON.parse(JSON.stringify({...frontmatter, name})) as object
        assert.deepEqual(JSON.parse(JSON.stringify(parseFrontmatter(text).fields)), expected)
      }),
      {numRuns: 300},
    )
  })
})
