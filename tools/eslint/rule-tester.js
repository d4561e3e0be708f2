import {describe, it} from 'node:test'

import {RuleTester} from 'eslint'
import tseslint from 'typescript-eslint'

import {fromRoot} from './paths.js'

RuleTester.describe = describe
RuleTester.it = it

/**
 * Tests a rule with rows of a table: `[path, code]` for valid code, and `[path, code, …message ids]` for invalid code.
 * Paths are relative to the root of the repository.
 */
export function testRule(name, rule, {valid, invalid}) {
  const tester = new RuleTester({
    languageOptions: {parser: tseslint.parser, globals: {process: 'readonly', console: 'readonly'}},
  })
  const row = ([path, code]) => ({name: `${path}: ${code || '(empty)'}`, filename: fromRoot(path), code})
  tester.run(name, rule, {
    valid: valid.map(row),
    invalid: invalid.map(([path, code, ...ids]) => ({
      ...row([path, code]),
      errors: ids.map((messageId) => ({messageId})),
    })),
  })
}
