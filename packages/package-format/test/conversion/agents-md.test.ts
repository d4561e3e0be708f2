import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import fc from 'fast-check'

import {agentsMdWith, type IndexedRule} from '../../src/conversion/agents-md.js'

const rules: IndexedRule[] = [
  {title: 'Tone', path: '.codex/rules/acme-tone.md'},
  {title: 'CSS', path: '.codex/rules/acme-css.md'},
]
const block = `<!-- apkg:rules -->

## Rules

- [Tone](.codex/rules/acme-tone.md)
- [CSS](.codex/rules/acme-css.md)

<!-- /apkg:rules -->`

function textWith(text: string | undefined, listed: readonly IndexedRule[]): string | undefined {
  const after = agentsMdWith(text, listed)
  assert.equal(after.problem, undefined)
  return after.text
}

const pieces = fc.constantFrom('# Title', 'text', '', ' ', '- [a](b)', '<!-- -->', 'ä\u2028', '\uFEFF')
const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n', '\r', '')
const texts = fc.array(fc.tuple(pieces, ends)).map((lines) => lines.flat().join(''))

describe('agentsMdWith', () => {
  it('agentsMdWith: appends a block, or creates a text that is only the block', () => {
    assert.equal(textWith(undefined, rules), `${block}\n`)
    assert.equal(textWith('# Ours\n', rules), `# Ours\n\n${block}\n`)
    assert.equal(textWith('# Ours', rules), `# Ours\n\n${block}`)
    assert.equal(textWith('# Ours\r\n', rules), `# Ours\r\n\r\n${block.replaceAll('\n', '\r\n')}\r\n`)
  })

  it('agentsMdWith: restores any text when the block is removed', () => {
    fc.assert(
      fc.property(fc.option(texts, {nil: undefined}), (text) => {
        assert.equal(textWith(textWith(text, rules), []), text)
      }),
      {numRuns: 2000},
    )
  })

  it('agentsMdWith: keeps the text around the block, byte for byte, when the block changes', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const changed = textWith(`${before}${block}${after}`, rules.slice(1))
        assert.ok(changed?.startsWith(before) && changed.endsWith(after))
        assert.equal(textWith(changed, rules), before + block + after)
      }),
      {numRuns: 500},
    )
  })

  it('agentsMdWith: keeps text added after the block when the block is removed', () => {
    assert.equal(textWith(`# Ours\n\n${block}\nMore\n`, []), '# Ours\nMore\n')
    assert.equal(textWith(`# Ours\n\n${block}More\n`, []), '# Ours\n\nMore\n')
    assert.equal(textWith(`${block}\n`, []), undefined)
    assert.equal(textWith(block, []), '')
  })

  for (const [what, damaged] of Object.entries({
    'no end': '<!-- apkg:rules -->\ntext',
    'no beginning': 'text\n<!-- /apkg:rules -->',
    'the end first': '<!-- /apkg:rules -->\n<!-- apkg:rules -->',
    'two beginnings': `<!-- apkg:rules -->\n${block}`,
    'two blocks': `${block}\n${block}`,
  })) {
    it(`agentsMdWith: reports a problem for markers with ${what}`, () => {
      for (const listed of [rules, []]) assert.match(agentsMdWith(damaged, listed).problem ?? '', /exactly one/)
    })
  }

  it('agentsMdWith: escapes titles, puts each on one line, and encodes paths', () => {
    const titles = ['a\n<!-- /apkg:rules -->', '](x) [y', '`code` *bold* <b>', '\u001b[31m\\']
    const text = textWith(
      undefined,
      titles.map((title) => ({title, path: '.codex/rules/ä (1).md'})),
    )
    assert.equal(text?.split('\n').length, titles.length + 7)
    assert.equal(text?.split('<!--').length, 3)
    assert.match(text ?? '', /^- \[\\\]\(x\) \\\[y\]\(\.codex\/rules\/%C3%A4%20%281%29\.md\)$/m)
    assert.equal(textWith(text, []), undefined)
  })
})
