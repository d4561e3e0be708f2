import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {ruleActivation} from '../../src/tools/rule-activation.js'

describe('ruleActivation', () => {
  it('ruleActivation: understands the fields of all tools', () => {
    assert.deepEqual(ruleActivation({}), {when: 'always'})
    assert.deepEqual(ruleActivation({alwaysApply: true, globs: '*.ts'}), {when: 'always'})
    assert.deepEqual(ruleActivation({alwaysApply: false}), {when: 'relevant'})
    const files = {when: 'files', globs: ['*.ts', 'src/**/*.{js,mjs}']}
    assert.deepEqual(ruleActivation({alwaysApply: false, globs: '*.ts, src/**/*.{js,mjs}'}), files)
    assert.deepEqual(ruleActivation({paths: ['*.ts', 'src/**/*.{js,mjs}']}), files)
    assert.deepEqual(ruleActivation({fileMatchPattern: ['*.ts,src/**/*.{js,mjs}']}), files)
  })

  it('ruleActivation: is `always` for invalid patterns', () => {
    for (const globs of [null, 7, {}, [], '', ' , ', [null, {}], [['*.ts']]]) {
      assert.deepEqual(ruleActivation({globs}), {when: 'always'})
    }
  })
})
