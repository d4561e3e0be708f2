import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {ruleActivation} from '../../src/conversion/rule-activation.js'

function activation(frontmatter: Record<string, unknown> | undefined, path = 'rules/a.md') {
  return ruleActivation({frontmatter, path})
}

describe('ruleActivation', () => {
  it('ruleActivation: understands the fields of all tools', () => {
    const globs = ['*.ts', 'src/**/*.{js,mjs}']
    const files = {when: 'files', globs}
    for (const frontmatter of [
      {alwaysApply: false, globs: '*.ts, src/**/*.{js,mjs}'},
      {globs: '"*.ts", src/**/*.{js,mjs}', alwaysApply: null},
      {paths: globs},
      {paths: globs, alwaysApply: true},
      {fileMatchPattern: ['*.ts,src/**/*.{js,mjs}'], inclusion: 'fileMatch'},
      {applyTo: '*.ts,src/**/*.{js,mjs}'},
      {trigger: 'glob', globs},
    ]) {
      assert.deepEqual(activation(frontmatter), files, JSON.stringify(frontmatter))
    }
    for (const frontmatter of [
      undefined,
      {},
      {globs: null},
      {globs: ' , '},
      {paths: []},
      {alwaysApply: true, globs: '*.ts'},
      {alwaysApply: 'yes'},
      {applyTo: '**'},
      {trigger: 'always_on'},
      {inclusion: 'always'},
    ]) {
      assert.deepEqual(activation(frontmatter), {when: 'always'}, JSON.stringify(frontmatter))
    }
  })

  it('ruleActivation: a rule that does not always apply needs a description to be relevant', () => {
    for (const frontmatter of [
      {alwaysApply: false},
      {alwaysApply: ''},
      {trigger: 'model_decision'},
      {inclusion: 'auto'},
      {trigger: 'always_on', alwaysApply: false},
    ]) {
      assert.deepEqual(activation(frontmatter), {when: 'manual'}, JSON.stringify(frontmatter))
      assert.deepEqual(
        activation({...frontmatter, description: 'APIs'}),
        {when: 'relevant'},
        JSON.stringify(frontmatter),
      )
    }
    assert.deepEqual(activation({description: 'APIs', trigger: 'manual'}), {when: 'manual'})
  })

  it("ruleActivation: a file of Cursor's or Copilot's format does not always apply", () => {
    for (const path of ['rules/a.mdc', 'rules/a.instructions.md']) {
      assert.deepEqual(activation(undefined, path), {when: 'manual'})
      assert.deepEqual(activation({description: 'APIs'}, path), {when: 'relevant'})
    }
    assert.deepEqual(activation({alwaysApply: true}, 'rules/a.mdc'), {when: 'always'})
    assert.deepEqual(activation({applyTo: '**'}, 'rules/a.instructions.md'), {when: 'always'})
  })

  it('ruleActivation: values without a meaning are unreadable', () => {
    for (const globs of [7, {}, [null, {}], [['*.ts']], true]) {
      assert.deepEqual(activation({globs}), {when: 'unreadable', field: 'globs'}, JSON.stringify(globs))
    }
    assert.deepEqual(activation({alwaysApply: 'maybe'}), {when: 'unreadable', field: 'alwaysApply'})
    assert.deepEqual(activation({trigger: 'sometimes'}), {when: 'unreadable', field: 'trigger'})
    assert.deepEqual(activation({inclusion: 'toString'}), {when: 'unreadable', field: 'inclusion'})
    assert.deepEqual(activation({trigger: 'glob'}), {when: 'unreadable', field: 'globs'})
  })

  it('ruleActivation: a long pattern takes linear time', () => {
    const globs = '{a,'.repeat(100_000)
    const start = performance.now()
    activation({globs})
    assert.ok(performance.now() - start < 2000)
  })
})
