import {describe, it} from 'node:test'

import {RuleTester} from 'eslint'
import tseslint from 'typescript-eslint'

import {fromRoot} from './where.js'

RuleTester.describe = describe
RuleTester.it = it

/**
 * Runs a rule over table rows: `[path, code]` for what it lets pass, `[path, code, …message ids]` for what it reports.
 * Paths are from the root of the repository.
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
