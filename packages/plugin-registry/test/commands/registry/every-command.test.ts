import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {describe, it} from 'node:test'

import type {runCommand} from '../../../../../test/support/run-command.js'
import {config} from '../../support/oclif-config.js'
import {assertFailure, inHome} from '../../support/operator.js'

const ids = config.commandIDs.filter((id) => id.startsWith('registry:'))

describe('every registry command', () => {
  it('registry: there are commands to check', () => {
    assert.ok(ids.length >= 22, ids.join())
  })

  for (const id of ids) {
    it(`${id.replaceAll(':', ' ')}: refuses --registry and points to --data`, async (t) => {
      const {run, folder} = inHome(t)
      const command = (await config.findCommand(id, {must: true}).load()) as unknown as Parameters<typeof runCommand>[0]
      const refused = await run(command, ['--registry', 'https://registry.example', '--json'])
      assertFailure(refused, 'USAGE', 2)
      assert.match(refused.stdout, /use --data to select the data directory/)
      assert.equal(existsSync(folder), false)
    })
  }
})
