import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import Remove from '../../src/commands/remove.js'
import Setup from '../../src/commands/setup.js'
import Update from '../../src/commands/update.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

const files = {'SKILL.md': '---\ndescription: Reviews code.\n---\nReview.\n'}
const inClaude = '.claude/skills/acme-review/SKILL.md'
const inKiro = '.kiro/skills/acme-review/SKILL.md'

async function startWithTargets(t: Parameters<typeof startProject>[0], targets: string[]) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/review', files, targets})
  const project = await startProject(t, registry.url)
  await mkdir(project.at('.claude'))
  await mkdir(project.at('.kiro'))
  return {project, registry}
}

describe('the targets of a package', () => {
  it('targets: a package is only set up for the tools that it is made for', async (t) => {
    const {project} = await startWithTargets(t, ['kiro'])
    const {stderr} = await project.succeed(Add, ['@acme/review'])
    assert.match(
      stderr,
      /^Not set up: @acme\/review \(it is made for kiro; to set it up anyway, name the tool with `--setup`\)$/m,
    )
    assert.deepEqual([existsSync(project.at(inClaude)), existsSync(project.at(inKiro))], [false, true])
  })

  it('targets: --setup sets up another tool, and prints a note', async (t) => {
    const {project} = await startWithTargets(t, ['kiro', 'windsurf'])
    const note = '@acme/review is made for Kiro and Devin. It is set up for Claude Code because of --setup'
    const added = await project.succeed(Add, ['@acme/review', '--setup', 'claude-code', '--setup', 'kiro'])
    assert.ok(added.stderr.split('\n').includes(note), added.stderr)
    assert.deepEqual([existsSync(project.at(inClaude)), existsSync(project.at(inKiro))], [true, true])
    const {stdout} = await project.succeed(Setup, ['--setup', 'claude-code', '--json'])
    const overridden = {package: '@acme/review', version: '1.0.0', tool: 'claude-code', targets: ['kiro', 'devin']}
    assert.deepEqual(JSON.parse(stdout).overridden, [overridden])
  })

  it('targets: no note is printed for tools that the package is made for', async (t) => {
    const {project} = await startWithTargets(t, ['claude-code', 'kiro'])
    const {stdout} = await project.succeed(Add, ['@acme/review', '--setup', 'claude-code', '--json'])
    assert.deepEqual(JSON.parse(stdout).setup.overridden, [])
  })

  it('targets: files for another tool stay until update or setup replaces them or the package is removed', async (t) => {
    for (const [command, ...args] of [[Update], [Setup], [Remove, '@acme/review']] as const) {
      const {project, registry} = await startWithTargets(t, ['kiro'])
      await project.succeed(Add, ['@acme/review', '--setup', 'claude-code'])
      await registry.put({name: '@acme/other', files})
      await project.succeed(Add, ['@acme/other'])
      assert.deepEqual([existsSync(project.at(inClaude)), existsSync(project.at(inKiro))], [true, true])
      await project.succeed(command, args)
      assert.equal(existsSync(project.at(inClaude)), false, command.name)
    }
  })
})
