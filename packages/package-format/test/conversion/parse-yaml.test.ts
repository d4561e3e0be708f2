import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {parseMarkdown} from '../../src/conversion.js'
import {parseYaml} from '../../src/conversion/parse-yaml.js'

describe('parseYaml', () => {
  for (const [text, value] of [
    ['', null],
    ['# a comment\n', null],
    ['a: 1\nb: [x, {y: z}]\n', {a: 1, b: ['x', {y: 'z'}]}],
    ['a: &x 1\nb: *x\n', {a: 1, b: 1}],
    ['a: |\n  text\n', {a: 'text\n'}],
  ] as const) {
    it(`YAML: ${JSON.stringify(text)} is read`, () => {
      assert.deepEqual(parseYaml(text)?.toJS(), value)
    })
  }

  for (const text of [
    'a: b: c\n',
    'a: [x\n',
    'a: }\n',
    'a: "x\n',
    'a: 1\na: 2\n',
    'a: !unknown x\n',
    'a: 1\n---\nb: 2\n',
    'a: 1\n...\nb: 2\n',
    '\ta: 1\n',
    '%YAML 9.9\n---\na: 1\n',
  ]) {
    it(`YAML: ${JSON.stringify(text)} is refused`, () => {
      assert.equal(parseYaml(text), undefined)
    })
  }
})

describe('frontmatter of the maximum size', () => {
  for (const unit of [
    '{a,b}',
    '}',
    '{,}',
    '[!a]',
    '"',
    ']',
    ': ',
    '- ',
    '&a ',
    '? ',
    '!a ',
    '{a: b}',
    '"a" ',
    '\\',
    '%',
  ]) {
    it(`frontmatter: ${unit} takes no noticeable time`, () => {
      for (const field of ['globs: ', 'description: ', 'paths:\n  - ']) {
        const text = `---\n${field}${unit.repeat(32_000 / unit.length)}\n---\nBody.\n`
        const start = performance.now()
        try {
          parseMarkdown(text)
        } catch {
          // Most of it can't be read.
        }
        assert.ok(performance.now() - start < 1500, `took ${Math.round(performance.now() - start)} ms`)
      }
    })
  }
})
