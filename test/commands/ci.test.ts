import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it} from 'node:test'

import Ci from '../../src/commands/ci.js'
import Install from '../../src/commands/install.js'
import {failureOf} from '../support/command.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'

describe('ci', () => {
  it('ci: installs what is in the lockfile, and fails if it does not match apkg.json', async (t) => {
    const registry = await startPlainRegistry(t)
    await registry.put({name: '@acme/app'})
    await registry.put({name: '@acme/other'})
    const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/other': '^1.0.0'})
    await project.succeed(Install)
    const before = await project.installed()
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(Ci)
    assert.deepEqual(await project.installed(), before)
    await project.depend({'@acme/app': '^1.0.0'})
    const {message, exitCode} = failureOf(await project.run(Ci, ['--json']))
    assert.match(message, /^Lockfile is out of date/)
    assert.notEqual(exitCode, 0)
  })
})
