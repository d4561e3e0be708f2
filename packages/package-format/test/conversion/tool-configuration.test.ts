import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {toolConfigurationIn} from '../../src/conversion/tool-configuration.js'

describe('toolConfigurationIn', () => {
  for (const path of [
    '.claude/settings.json',
    '.Claude/agents/x.md',
    '.claude-plugin/plugin.json',
    '.github/workflows/ci.yml',
    '.cursorrules',
    'CLAUDE.md',
    'Agents.md',
    'AGENTS.md. ',
    '.mcp.json',
    'mcp.json',
    'settings.local.json',
    '.git',
    '.git/config',
    '.clinerules',
    '.qwen/settings.json',
    '.roomodes',
    'AGENT.md',
    '.envrc',
  ]) {
    it(`toolConfigurationIn: finds ${path} at the root`, () => {
      assert.deepEqual(toolConfigurationIn(['SKILL.md', path]), {top: [path], nested: []})
    })
  }

  for (const path of [
    'a/.claude/settings.json',
    'a/b/CLAUDE.md',
    'scripts/.mcp.json',
    'a/.GIT/hooks/post-checkout',
    'skills/x/.codex/config.toml',
    'a/.roo/rules/x.md',
    'a/.Trae/rules/x.md',
    'a/.augment/rules.md',
    'a/.kilocode/rules/x.md',
    'a/.factory/droids/x.md',
    'a/.crush/commands/x.md',
    'a/b/Agent.md',
    'a/QWEN.md',
    'a/crush.md',
    'a/.aider.conf.yml',
    'a/.rules',
    'a/.envrc',
  ]) {
    it(`toolConfigurationIn: finds ${path} further down`, () => {
      assert.deepEqual(toolConfigurationIn(['SKILL.md', path]), {top: [], nested: [path]})
    })
  }

  for (const paths of [
    ['repo/HEAD', 'repo/objects/00/x', 'repo/refs/heads/main', 'repo/config'],
    ['repo/head', 'repo/Objects/x', 'repo/config'],
    ['repo/HEAD', 'repo/commondir', 'repo/config'],
  ]) {
    it(`toolConfigurationIn: finds the bare git repository of ${paths.join(', ')}`, () => {
      assert.deepEqual(toolConfigurationIn(['SKILL.md', 'repo.md', ...paths]), {top: [], nested: paths})
    })
  }

  it('toolConfigurationIn: finds a bare git repository at the root', () => {
    const paths = ['HEAD', 'objects/00/x', 'config', 'SKILL.md']
    assert.deepEqual(toolConfigurationIn(paths).nested, paths)
  })

  it('toolConfigurationIn: treats agent.md as an agent where the package has agents', () => {
    const paths = ['agent.md', 'agents/agent.md']
    assert.deepEqual(toolConfigurationIn(paths, 'agent'), {top: [], nested: []})
    assert.deepEqual(toolConfigurationIn([...paths, 'a/agents/agent.md'], 'skill').nested, [
      'agents/agent.md',
      'a/agents/agent.md',
    ])
    assert.deepEqual(toolConfigurationIn(['docs/agent.md', 'agents/claude.md'], 'agent').nested, [
      'docs/agent.md',
      'agents/claude.md',
    ])
  })

  it('toolConfigurationIn: leaves everything else alone', () => {
    const paths = [
      'SKILL.md',
      'README.md',
      'assets/settings.json',
      'references/claude.txt',
      'scripts/github/run.sh',
      'HEAD',
      'notes/objects.md',
      'templates/hooks.json',
      '.env.example',
    ]
    assert.deepEqual(toolConfigurationIn(paths), {top: [], nested: []})
  })
})
