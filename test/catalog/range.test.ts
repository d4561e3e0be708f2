import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import fc from 'fast-check'
import semver from 'semver'

import {parseRange} from '../../src/catalog/range.js'

describe('range', () => {
  for (const [range, inside, outside] of [
    ['1.2.3', ['1.2.3'], ['1.2.3+build', '1.2.4', '1.2.3-rc.1']],
    ['=v1.2.3', ['1.2.3'], ['1.2.3+build', '1.2.4']],
    ['1.2.3+build', ['1.2.3+build'], ['1.2.3', '1.2.3+other', '1.2.4']],
    ['1.2.3-rc.1', ['1.2.3-rc.1'], ['1.2.3-rc.1+build', '1.2.3']],
    ['>=1.0.0 1.2.3', ['1.2.3'], ['1.2.3+build', '1.0.0']],
    ['1.2.3 || ^2.0.0', ['1.2.3', '2.0.0', '2.0.0+build'], ['1.2.3+build']],
    ['>= 1.2.3', ['1.2.3', '1.2.3+build'], ['1.2.2']],
    ['1.2.3 - 1.2.3', ['1.2.3', '1.2.3+build'], ['1.2.4']],
    ['^1.2.3+build', ['1.2.3', '1.2.3+build', '1.2.3+other'], ['1.2.2']],
    ['1.2', ['1.2.0', '1.2.9'], ['1.3.0']],
    ['1', ['1.0.0', '1.9.0'], ['2.0.0']],
    ['1.x', ['1.9.0'], ['2.0.0']],
    ['^1.2.0', ['1.2.0', '1.9.0'], ['1.1.9', '2.0.0', '2.0.0-rc.1']],
    ['^0.1.0', ['0.1.0', '0.2.0', '0.99.9'], ['0.0.9', '1.0.0', '1.0.0-rc.1']],
    ['^0.0.3', ['0.0.3', '0.5.0'], ['0.0.2', '1.0.0']],
    ['^ 0.1.0', ['0.2.0'], ['1.0.0']],
    ['^v0.1.0', ['0.2.0'], ['1.0.0']],
    ['^0.1.0-rc.1', ['0.1.0-rc.2', '0.1.0', '0.9.0'], ['0.1.0-beta', '0.2.0-rc.1', '1.0.0-rc.1']],
    ['^0.1.0+build', ['0.2.0'], ['1.0.0']],
    ['^0.1', ['0.1.9'], ['0.2.0']],
    ['^0.1.x', ['0.1.9'], ['0.2.0']],
    ['~0.1.0', ['0.1.9'], ['0.2.0']],
    ['^0.1.0, <0.3.0', ['0.2.9'], ['0.3.0']],
    ['>=1.0.0, <2.0.0', ['1.0.0', '1.9.9'], ['2.0.0', '0.9.0']],
    ['>=1.0.0,<2.0.0', ['1.9.9'], ['2.0.0']],
    ['^0.1.0||^2', ['0.9.0', '2.1.0'], ['1.0.0', '3.0.0']],
    ['^2 || ^0.1.0', ['0.9.0', '2.1.0'], ['1.0.0']],
    ['1.0.0 - 2.0.0', ['2.0.0'], ['2.0.1']],
    ['*', ['0.0.1', '9.0.0'], ['1.0.0-rc.1']],
    ['', ['0.0.1', '9.0.0'], ['1.0.0-rc.1']],
    ['^1.0.0-rc.1', ['1.0.0-rc.2', '1.0.0', '1.5.0'], ['1.5.0-rc.1', '1.0.0-beta']],
  ] as const) {
    it(`range: \`${range}\` includes ${inside.join(', ')}, but not ${outside.join(', ')}`, () => {
      const parsed = parseRange(range)
      assert.ok(parsed)
      for (const version of inside) assert.ok(parsed.test(version), version)
      for (const version of outside) assert.ok(!parsed.test(version), version)
    })
  }

  for (const text of [
    'latest',
    'next',
    '1.2.3.4',
    '>=',
    '^',
    '^^0.1.0',
    '~^0.1.0',
    ',',
    '^1,',
    ',^1',
    '^1,,<3',
    '^1 || , ^2',
    'git+ssh://x',
    '../x',
    `^1.${'0'.repeat(2000)}`,
  ]) {
    it(`range: \`${text.slice(0, 20)}\` is not a range`, () => assert.equal(parseRange(text), undefined))
  }

  it('range: without a caret below 1.0.0, matches the same versions as npm', () => {
    const part = fc.constantFrom('0', '1', '2', 'x')
    const number = fc.tuple(part, part, part).map((parts) => parts.join('.'))
    const comparator = fc
      .tuple(fc.constantFrom('', '>=', '<', '~', '>', '<=', '='), number)
      .map((each) => each.join(''))
    const range = fc.array(comparator, {minLength: 1, maxLength: 3}).map((all) => all.join(' '))
    const version = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)).map((parts) => parts.join('.'))
    fc.assert(
      fc.property(range, version, (text, each) => {
        assert.equal(parseRange(text)?.test(each) ?? false, semver.satisfies(each, text))
      }),
    )
  })
})
