import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {lintPackage, type LintedManifest} from '../../src/lint/index.js'

function found(manifest: Partial<LintedManifest>, files: Record<string, string>) {
  const all = Object.entries(files).map(([path, text]) => ({path, content: Buffer.from(text), isExecutable: false}))
  return lintPackage({name: '@ada/x', version: '1.0.0', type: 'skill', description: '', ...manifest}, all)
}

const shown = (...args: Parameters<typeof found>) =>
  found(...args).map(({severity, rule, path, line}) => `${severity} ${rule} ${path}:${line}`)

describe('lintPackage', () => {
  it('lintPackage: what setup corrects is not a problem', () => {
    const files = {'skill.md': '---\nname: Other Name\ndescription: Use when: asked\n---\n'}
    assert.deepEqual(shown({}, files), [])
    assert.deepEqual(shown({description: 'From apkg.json'}, {'SKILL.md': '# No frontmatter\n'}), [])
  })

  it('lintPackage: reports every definition that cannot be read', () => {
    const bad = '---\nname: x\nno field\n---\n'
    assert.deepEqual(shown({}, {'skills/a/SKILL.md': bad, 'skills/b/SKILL.md': bad}), [
      'error frontmatter-invalid skills/a/SKILL.md:3',
      'error frontmatter-invalid skills/b/SKILL.md:3',
    ])
    assert.deepEqual(shown({}, {'README.md': ''}), ['error definition-missing apkg.json:1'])
    assert.deepEqual(shown({type: 'mcp-server'}, {'README.md': ''}), [])
  })

  it('lintPackage: warns if neither the definition nor the manifest has a description', () => {
    assert.deepEqual(shown({}, {'SKILL.md': '# X\n'}), ['warning description-missing SKILL.md:1'])
    assert.deepEqual(shown({type: 'rule'}, {'rules/x.md': '# X\n'}), [])
  })

  it('lintPackage: warns about an empty description and the scope of the template in apkg.json', () => {
    const skill = {'SKILL.md': '---\ndescription: X\n---\n'}
    const empty = '{\n  "name": "@scope/x",\n  "description": ""\n}'
    assert.deepEqual(shown({name: '@scope/x'}, {...skill, 'apkg.json': empty}), [
      'warning template-text apkg.json:2',
      'warning manifest-description-missing apkg.json:3',
    ])
    assert.deepEqual(shown({}, {...skill, 'apkg.json': '{}'}), ['note manifest-description-missing apkg.json:1'])
    assert.deepEqual(shown({description: 'X'}, {...skill, 'apkg.json': '{}'}), [])
  })

  it('lintPackage: a skill gets nothing from outside its directory', () => {
    const skill = '---\ndescription: X\n---\n[y](../y/SKILL.md)\n'
    assert.deepEqual(shown({}, {'skills/x/SKILL.md': skill, 'skills/y/SKILL.md': '---\ndescription: Y\n---\n'}), [
      'warning file-missing skills/x/SKILL.md:4',
    ])
  })

  it('lintPackage: a tool that would ignore a limit is a note, and a warning if it is a target', () => {
    const files = {'SKILL.md': '---\ndescription: X\npaths: "*.ts"\n---\nBody\n'}
    assert.deepEqual(shown({}, files), ['note tool-unsupported SKILL.md:1'])
    assert.deepEqual(shown({targets: ['codex']}, files), ['warning tool-unsupported SKILL.md:1'])
    assert.equal(found({targets: ['codex']}, files)[0]?.message, 'Not set up for any tool: Codex ignores `paths`')
    assert.deepEqual(shown({targets: ['claude-code']}, files), [])
  })
})
