import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

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
    assert.deepEqual(setupSummary({written, removed: ['.claude/agents/old.md'], projectFiles: []}), [
      '  + Claude Code: 2 skills, 1 command',
      '  + Cursor: 1 rule',
      '  + .agents: 1 skill',
      '  - Claude Code: 1 agent',
    ])
  })

  it('setup summary: marks updates, and lists project files', () => {
    const written = [{...created('.cursor/rules/style.mdc'), status: 'updated' as const}]
    const projectFiles = [{path: 'AGENTS.md', part: 'rules' as const, status: 'updated' as const}]
    assert.deepEqual(setupSummary({written, removed: [], projectFiles}), [
      '  ~ Cursor: 1 rule',
      '  ~ list of rules in AGENTS.md',
    ])
  })

  it('setup summary: is empty if nothing changed', () => {
    assert.deepEqual(setupSummary({written: [], removed: [], projectFiles: []}), [])
  })
})
