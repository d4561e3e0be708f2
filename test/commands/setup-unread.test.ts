import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import Install from '../../src/commands/install.js'
import Setup from '../../src/commands/setup.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

const types = ['composite', 'prompt', 'config', 'library', 'mcp-server']

describe('packages of types that no tool reads', () => {
  it('unread types: each package is reported once by add, and always by setup, with exit code 0', async (t) => {
    const registry = await startPlainRegistry(t)
    for (const type of types)
      await registry.put({name: `@acme/${type}`, type, files: {'skills/one/SKILL.md': 'One.\n'}})
    await registry.put({name: '@acme/review', files: {'SKILL.md': '---\ndescription: Reviews.\n---\nOne.\n'}})
    const project = await startProject(t, registry.url)
    const names = types.map((type) => `@acme/${type}`)
    const lines = types.toSorted().map((type) => `Not set up: @acme/${type} (no tool reads packages of type ${type})`)
    const shown = (stderr: string) => stderr.split('\n').filter((line) => line.startsWith('Not set up'))
    const flags = ['--setup', 'claude-code', '--setup', 'cursor']

    assert.deepEqual(shown((await project.succeed(Add, [...names, ...flags])).stderr), lines)
    const alone = await project.succeed(Setup, flags)
    assert.deepEqual(alone.stderr.trimEnd().split('\n'), lines)

    const added = await project.succeed(Add, ['@acme/review', ...flags, '--json'])
    assert.deepEqual(JSON.parse(added.stdout).setup.unread, [])
    assert.deepEqual(shown(added.stderr), [])
    assert.deepEqual(shown((await project.succeed(Install, flags)).stderr), [])
    const {stdout} = await project.succeed(Setup, [...flags, '--json'])
    assert.deepEqual(
      JSON.parse(stdout).unread,
      types.toSorted().map((type) => ({package: `@acme/${type}`, version: '1.0.0', type})),
    )
    assert.match((await project.succeed(Setup, flags)).stderr, /\nTool setup is up to date\.\n$/)

    await registry.put({name: '@acme/prompt', version: '1.1.0', type: 'prompt'})
    const newer = await project.succeed(Add, ['@acme/prompt@1.1.0', ...flags])
    assert.deepEqual(shown(newer.stderr), ['Not set up: @acme/prompt (no tool reads packages of type prompt)'])
  })

  it('unread types: setup --check lists them without a tool, and does not claim that all packages load', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/kit', type: 'composite'})
    const project = await startProject(t, registry.url)
    const flags = ['--setup', 'claude-code']
    await project.succeed(Add, ['@acme/kit', ...flags])
    const alone = await project.succeed(Setup, ['--check', ...flags])
    assert.equal(alone.stdout, '@acme/kit@1.0.0\t\tunsupported\t\n')
    assert.equal(alone.stderr, '@acme/kit@1.0.0: no tool reads packages of type composite\nNo packages are set up.\n')
    await registry.put({name: '@acme/review', files: {'SKILL.md': '---\ndescription: Reviews.\n---\nOne.\n'}})
    await project.succeed(Add, ['@acme/review', ...flags])
    const {stdout} = await project.succeed(Setup, ['--check', ...flags, '--json'])
    const reason = 'no tool reads packages of type composite'
    assert.deepEqual(JSON.parse(stdout).packages[0], {
      package: '@acme/kit',
      version: '1.0.0',
      tool: null,
      state: 'unsupported',
      files: [],
      problems: [{path: null, kind: 'package', reason}],
    })
    const {stderr} = await project.succeed(Setup, ['--check', ...flags])
    assert.match(stderr, /\nAll other packages load in Claude Code\.\n$/)
  })
})
