import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Add from '../../../src/commands/add.js'
import Pack from '../../../src/commands/pack.js'
import Publish from '../../../src/commands/publish.js'
import Setup from '../../../src/commands/setup.js'
import {startSession} from '../../support/command.js'
import {makeTree} from '../../support/make-tree.js'
import {startPlainRegistry} from '../../support/plain-registry.js'
import {startProject} from '../../support/project.js'

const agent = '---\nname: reviewer\ndescription: Reviews.\nTools: Read\n---\nBody.\n'

describe('misspelled limits', () => {
  for (const [name, command, argv] of [
    ['pack', Pack, ['--dry-run']],
    ['publish', Publish, ['--no-sign']],
  ] as const) {
    it(`${name}: warns about a misspelled limit, with its file and line`, async (t) => {
      const {run} = await startSession(t)
      const manifest = JSON.stringify({name: '@ada/reviewer', version: '1.0.0', type: 'agent'})
      const cwd = await makeTree(t, {'apkg.json': manifest, 'agents/reviewer.md': agent})
      const {stderr, exitCode} = await run(command, [...argv], {cwd})
      assert.equal(exitCode, 0, stderr)
      const line =
        "Warning: agents/reviewer.md, line 4: `Tools` has no effect, because tools don't read it. Did you mean `tools`?"
      assert.ok(stderr.split('\n').includes(line), stderr)
    })
  }

  it('add, setup: warn about a misspelled limit when files are written', async (t) => {
    const registry = await startPlainRegistry(t)
    const project = await startProject(t, registry.url)
    await registry.put({name: '@acme/reviewer', type: 'agent', files: {'agents/reviewer.md': agent}})
    const line =
      "Warning: @acme/reviewer (agents/reviewer.md, line 4): `Tools` has no effect, because tools don't read it. Its author may have meant `tools`\n"
    const flags = ['--setup', 'claude-code', '--setup', 'cursor']
    const added = await project.succeed(Add, ['@acme/reviewer', ...flags])
    assert.equal(added.stderr.split(line).length, 2, added.stderr)
    assert.match((await project.succeed(Setup, flags)).stderr, /`Tools` has no effect/)
  })
})
