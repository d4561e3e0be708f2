import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {it} from 'node:test'

import {Machine, outcomeOf} from '../support/machine.js'
import {inRepository} from '../support/repository.js'

it('checkout: bin/run.js runs the commands of apkg, and bin/dev.js also those of the registry plugin', async (t) => {
  const machine = await Machine.start(t)
  const run = (script: string, ...args: string[]) => {
    const options = {env: machine.environment(), cwd: machine.home}
    return outcomeOf(spawn(process.execPath, [inRepository(script), ...args], options))
  }
  const settings = await run('bin/run.js', 'config', 'list', '--json')
  assert.deepEqual(settings, await machine.apkg(['config', 'list', '--json']))
  assert.equal(settings.exitCode, 0)
  assert.equal((await run('bin/run.js', 'registry', 'org', 'list', '--help')).exitCode, 2)
  const help = await run('bin/dev.js', 'registry', 'org', 'list', '--help')
  assert.deepEqual([help.exitCode, help.stderr], [0, ''])
  assert.match(help.stdout, /registry org list/)
})
