import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {toolFormats} from '@apkg/package-format/conversion'

import {withoutSharedSkills} from '../../../src/tools/tool-traits.js'
import {setupSummary} from '../../../src/views/tools/setup-summary.js'

const created = (path: string) => ({path, package: '@acme/x', status: 'created' as const})

describe('the summary of a setup', () => {
  it('setup summary: counts definitions, not files, with a line for each tool', () => {
    const written = [
      '.claude/skills/review/SKILL.md',
      '.claude/skills/review/scripts/run.sh',
      '.claude/skills/release/SKILL.md',
      '.claude/commands/git/commit.md',
      '.cursor/rules/style.mdc',
      '.agents/skills/review/SKILL.md',
    ].map(created)
    const tools = ['claude-code', 'cursor']
    assert.deepEqual(setupSummary({tools, written, removed: ['.claude/agents/old.md'], projectFiles: []}), [
      '  + Claude Code: 2 skills, 1 command',
      '  + Cursor: 1 rule, 1 skill',
      '  - Claude Code: 1 agent',
    ])
  })

  it('setup summary: names the selected tools that read .agents/skills, or the directory', () => {
    const written = [created('.agents/skills/review/SKILL.md')]
    const summaryFor = (tools: string[]) => setupSummary({tools, written, removed: [], projectFiles: []})
    assert.deepEqual(summaryFor(['claude-code', 'cursor', 'codex', 'kiro']), ['  + Cursor and Codex: 1 skill'])
    assert.deepEqual(summaryFor(['agents']), ['  + .agents/skills: 1 skill'])
  })

  it('setup summary: knows which tools read .agents/skills', () => {
    const formats = Object.values(toolFormats).filter(({skills}) => !skills.isShared)
    assert.deepEqual([...withoutSharedSkills].sort(), formats.map(({name}) => name).sort())
  })

  it('setup summary: marks updates, and lists project files', () => {
    const written = [{...created('.cursor/rules/style.mdc'), status: 'updated' as const}]
    const projectFiles = [{path: 'AGENTS.md', part: 'rules' as const, status: 'updated' as const}]
    assert.deepEqual(setupSummary({tools: ['cursor'], written, removed: [], projectFiles}), [
      '  ~ Cursor: 1 rule',
      '  ~ list of rules in AGENTS.md',
    ])
  })

  it('setup summary: is empty if nothing changed', () => {
    assert.deepEqual(setupSummary({tools: [], written: [], removed: [], projectFiles: []}), [])
  })
})
