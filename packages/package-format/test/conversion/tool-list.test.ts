import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {parseMarkdown} from '@apkg/package-format/conversion'

import {parseToolList} from '../../src/conversion/tool-list.js'

describe('parseToolList', () => {
  for (const [yaml, tools] of [
    ['Read', ['Read']],
    ['Read Grep,Glob ,  Read', ['Read', 'Grep', 'Glob']],
    ['Bash(git add:*), Bash(a, b)', ['Bash(git add:*)', 'Bash(a, b)']],
    ['[Bash(git add:*), "Read, Grep", [Write]]', ['Bash(git add:*)', 'Read', 'Grep', 'Write']],
    ['Bash(rm', ['Bash(rm']],
    ['Bash(a (b) c)', ['Bash(a (b)', 'c)']],
    ['"*"', ['*']],
    ['""', []],
    ['" , "', []],
    ['[]', []],
    ['', []],
    ['5', ['5']],
    ['true', ['true']],
    ['{Bash: [git, 1], Read: }', ['{"Bash":["git",1],"Read":null}']],
    ['[null, 1.5, {a: b}]', ['1.5', '{"a":"b"}']],
    ['2026-01-01', ['2026-01-01']],
  ] as const) {
    it(`parseToolList: returns ${JSON.stringify(tools)} for \`${yaml}\``, () => {
      const {frontmatter} = parseMarkdown(`---\nx: ${yaml}\n---\n`)
      assert.deepEqual(parseToolList(frontmatter?.['x']), tools)
    })
  }

  it('parseToolList: is fast for a string of parentheses', () => {
    const text = '('.repeat(16_000)
    assert.deepEqual(parseToolList(text), [text])
  })
})
