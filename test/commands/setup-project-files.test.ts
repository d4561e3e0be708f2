import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import ConfigSet from '../../src/commands/config/set.js'
import Remove from '../../src/commands/remove.js'
import Setup from '../../src/commands/setup.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

describe('files of the project that setup changes', () => {
  it('setup: reports the list of rules in AGENTS.md and the link to it, when they change', async (t) => {
    const registry = await startPlainRegistry(t)
    for (const name of ['@acme/tabs', '@acme/tone']) {
      await registry.put({name, type: 'rule', files: {'rules/r.md': '---\ndescription: R.\n---\nBody.\n'}})
    }
    const project = await startProject(t, registry.url)
    await writeFile(project.at('AGENTS.md'), '# Ours\n')
    await project.succeed(ConfigSet, ['symlinkClaudeMd', 'true'])
    const flags = ['--setup', 'codex', '--setup', 'claude-code']
    const shown = (stdout: string) => stdout.split('\n').filter((line) => /AGENTS\.md/.test(line))
    const first = await project.succeed(Add, ['@acme/tabs', ...flags])
    assert.deepEqual(shown(first.stdout), ['Created: list of rules in AGENTS.md', 'Created: CLAUDE.md → AGENTS.md'])
    const second = await project.succeed(Add, ['@acme/tone', ...flags, '--json'])
    assert.deepEqual(JSON.parse(second.stdout).setup.projectFiles, [
      {path: 'AGENTS.md', part: 'rules', status: 'updated'},
    ])
    assert.deepEqual(shown((await project.succeed(Setup, flags)).stdout), [])
    await writeFile(project.at('AGENTS.md'), '# Ours\n')
    const repaired = await project.succeed(Setup, flags)
    assert.deepEqual(shown(repaired.stdout), ['Created: list of rules in AGENTS.md'])
    assert.doesNotMatch(repaired.stderr, /up to date/)
    const removed = await project.succeed(Remove, ['@acme/tabs', '@acme/tone'])
    assert.deepEqual(shown(removed.stdout), ['Deleted: list of rules in AGENTS.md', 'Deleted: CLAUDE.md → AGENTS.md'])
  })
})
