import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {misspelledLimits, type SetUpType} from '../../src/conversion.js'
import {packageOf} from './package-of.js'

const paths = {skill: 'SKILL.md', agent: 'agents/a.md', command: 'commands/c.md', rule: 'rules/r.mdc'}

function find(type: SetUpType, frontmatter: string, more: Record<string, string> = {}) {
  const source = packageOf(type, {[paths[type]]: `---\ndescription: A.\n${frontmatter}\n---\nBody.\n`, ...more})
  return misspelledLimits(source, source.files)
}

describe('misspelledLimits', () => {
  for (const [type, field, meant] of [
    ['agent', 'Tools', 'tools'],
    ['agent', 'TOOLS', 'tools'],
    ['agent', 'disallowed-tools', 'disallowedTools'],
    ['agent', 'disallowed_tools', 'disallowedTools'],
    ['agent', 'allowed_tools', 'tools'],
    ['agent', 'allowedTools', 'tools'],
    ['agent', 'read-only', 'readonly'],
    ['agent', 'permission_mode', 'permissionMode'],
    ['agent', 'user_invocable', 'user-invocable'],
    ['skill', 'allowed_tools', 'allowed-tools'],
    ['skill', 'Allowed-Tools', 'allowed-tools'],
    ['skill', 'disallowedTools', 'disallowed-tools'],
    ['skill', 'disableModelInvocation', 'disable-model-invocation'],
    ['command', 'allowedTools', 'allowed-tools'],
    ['command', 'disable_model_invocation', 'disable-model-invocation'],
    ['agent', 'tool', 'tools'],
    ['agent', 'alowed-tools', 'tools'],
    ['agent', 'dissallowed-tool', 'disallowedTools'],
    ['agent', 'permision', 'permission'],
    ['skill', 'alowed-tools', 'allowed-tools'],
    ['skill', 'path', 'paths'],
    ['skill', 'disable_model_invokation', 'disable-model-invocation'],
    ['command', 'alowd-tools', 'allowed-tools'],
    ['rule', 'glob', 'globs'],
    ['rule', 'aplyTo', 'applyTo'],
    ['rule', 'Globs', 'globs'],
    ['rule', 'always_apply', 'alwaysApply'],
    ['rule', 'apply-to', 'applyTo'],
  ] as const) {
    it(`misspelledLimits: \`${field}\` of a ${type} probably means \`${meant}\``, () => {
      assert.deepEqual(find(type, `${field}: x`), [{path: paths[type], line: 3, field, meant}])
    })
  }

  for (const [type, field] of [
    ['agent', 'tools'],
    ['agent', 'allowed-tools'],
    ['agent', 'model'],
    ['skill', 'allowed-tools'],
    ['skill', 'disallowed-tools'],
    ['skill', 'metadata'],
    ['command', 'argument-hint'],
    ['command', 'model'],
    ['command', 'agents'],
    ['agent', 'permissions'],
    ['agent', 'trigger'],
    ['skill', 'trigger'],
    ['skill', 'pth'],
    ['agent', 'tol'],
    ['rule', 'alwaysApply'],
  ] as const) {
    it(`misspelledLimits: \`${field}\` of a ${type} is fine`, () => {
      assert.deepEqual(find(type, `${field}: x`), [])
    })
  }

  it('misspelledLimits: finds a quoted field, and fields of nested skills', () => {
    const nested = {'more/SKILL.md': '---\nname: more\n\nPaths: src\n---\n'}
    assert.deepEqual(find('skill', '"User-Invocable" : false', nested), [
      {path: 'SKILL.md', line: 3, field: 'User-Invocable', meant: 'user-invocable'},
      {path: 'more/SKILL.md', line: 4, field: 'Paths', meant: 'paths'},
    ])
  })
})
