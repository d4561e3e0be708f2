import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {coversPackage, joinPatterns, maxPatterns, patternProblem, splitPatterns} from '../src/index.js'

const shape = 'must be a package name, `@scope/*`, or a name with a trailing `*`'

describe('a package pattern', () => {
  for (const text of [
    '@acme/tool',
    '@acme/*',
    '@acme/tool-*',
    '@acme/tool*',
    '@acme/t',
    '@acme/0',
    '@a-c-m-e/tool.js',
    '@acme/tool_2.0-x',
    '@0/1',
    `@acme/${'a'.repeat(208)}`,
  ]) {
    it(`package pattern: can be ${text.length > 40 ? `${text.length} characters long` : text}`, () => {
      assert.equal(patternProblem(text), undefined)
    })
  }

  for (const [text, problem] of [
    ['', shape],
    ['*', shape],
    ['**', shape],
    ['@*', shape],
    ['@*/*', shape],
    ['@*/tool', shape],
    ['@acme', shape],
    ['@acme/', shape],
    ['@/tool', shape],
    ['tool', shape],
    ['acme/tool', shape],
    ['@acme/**', shape],
    ['@acme/*-tool', shape],
    ['@acme/to*ol', shape],
    ['@acme/tool-**', shape],
    ['@acme/to?l', shape],
    ['@acme/[a-z]', shape],
    ['@Acme/tool', shape],
    ['@acme/Tool', shape],
    ['@acme/-tool', shape],
    ['@acme/.tool', shape],
    ['@acme/_tool', shape],
    ['@acme/..', shape],
    ['@acme/../other/tool', shape],
    ['@acme/tool/sub', shape],
    ['@acme/tool@1.0.0', shape],
    ['@acme/a,@acme/b', shape],
    ['@acme%2Ftool', shape],
    [' @acme/tool', shape],
    ['@acme/tool ', shape],
    ['@acme/tool\n', shape],
    ['@acmé/tool', shape],
    [`@acme/${'a'.repeat(209)}`, 'must be at most 214 characters long'],
  ] as const) {
    it(`package pattern: cannot be ${text.length > 40 ? `${text.length} characters long` : JSON.stringify(text)}`, () => {
      assert.equal(patternProblem(text), problem)
    })
  }

  it('package pattern: is one of at most 50 on a token', () => {
    assert.equal(maxPatterns, 50)
  })
})

describe('package patterns', () => {
  for (const [patterns, name, expected] of [
    [[], '@acme/tool', true],
    [['@acme/tool'], '@acme/tool', true],
    [['@acme/tool'], '@acme/tool-2', false],
    [['@acme/tool'], '@acme/too', false],
    [['@acme/tool'], '@other/tool', false],
    [['@acme/tool'], '@ACME/tool', false],
    [['@acme/*'], '@acme/tool', true],
    [['@acme/*'], '@acme/anything.else', true],
    [['@acme/*'], '@acme-evil/tool', false],
    [['@acme/*'], '@acm/tool', false],
    [['@acme/*'], '@other/@acme/tool', false],
    [['@acme/tool-*'], '@acme/tool-a', true],
    [['@acme/tool-*'], '@acme/tool-', true],
    [['@acme/tool-*'], '@acme/tool', false],
    [['@acme/tool-*'], '@acme/toolbox', false],
    [['@acme/t.ol'], '@acme/tool', false],
    [['@acme/t.*'], '@acme/tool', false],
    [['@acme/a', '@acme/b'], '@acme/b', true],
    [['@acme/a', '@other/*'], '@other/b', true],
    [['@acme/a', '@other/*'], '@acme/b', false],
  ] as const) {
    it(`package patterns: [${patterns.join(', ')}] ${expected ? 'match' : 'do not match'} ${name}`, () => {
      assert.equal(coversPackage(patterns, name), expected)
    })
  }
})

describe('package patterns in a request', () => {
  for (const [packageScope, patterns, normalized] of [
    ['', [], ''],
    ['@acme/*', ['@acme/*'], '@acme/*'],
    ['@acme/a,@acme/b', ['@acme/a', '@acme/b'], '@acme/a,@acme/b'],
    [' @acme/a , @acme/b ', ['@acme/a', '@acme/b'], '@acme/a,@acme/b'],
    [',,@acme/a,,', ['@acme/a'], '@acme/a'],
    [' , ', [], ''],
  ] as const) {
    it(`package patterns: ${JSON.stringify(packageScope)} is parsed as [${patterns.join(', ')}], which is written as ${JSON.stringify(normalized)}`, () => {
      assert.deepEqual(splitPatterns(packageScope), patterns)
      assert.equal(joinPatterns(patterns), normalized)
    })
  }
})
