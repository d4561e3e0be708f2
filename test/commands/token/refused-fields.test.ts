import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import TokenCreate from '../../../src/commands/token/create.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import {flagOfField} from '../../../src/account/token/flag-of-field.js'
import {errorOf, startSession} from '../../support/command.js'
import {json, startHostileRegistry, type Answer} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {runCommand} from '../../support/run-command.js'
import {tempFolder} from '../../support/temp-folder.js'

function refusing(status: number, code: string, field: string): Answer {
  const details = [{field, message: 'is odd'}]
  return json(status, {error: {code, message: 'The request is odd', details}})
}

describe('a refused field', () => {
  for (const [field, flag] of Object.entries(flagOfField)) {
    it(`a refused field: ${field} is reported as ${flag}`, async (t) => {
      const registry = await startHostileRegistry(t)
      const world = {home: await tempFolder(t), env: {APKG_REGISTRY: registry.url, APKG_TOKEN: 'secret'}}
      const create = ['--label', 'ci', '--expires', '1d', '--json']
      registry.answer({'POST /auth/tokens': refusing(400, 'VALIDATION', field)})
      const invalid = errorOf(await runCommand(TokenCreate, create, config, world))
      assert.deepEqual([invalid.code, invalid.message], ['USAGE', `${flag} is odd`])
      registry.answer({'POST /auth/tokens': refusing(403, 'LIFETIME_TOO_LONG', field)})
      const refused = errorOf(await runCommand(TokenCreate, create, config, world))
      assert.deepEqual([refused.code, refused.reason], ['REFUSED', 'LIFETIME_TOO_LONG'])
      assert.ok(refused.message.endsWith(`\n  - ${flag}: is odd`), refused.message)
      registry.answer({'POST /auth/tokens': refusing(400, 'UNSUPPORTED_RESTRICTION', field)})
      const unsupported = errorOf(await runCommand(TokenCreate, create, config, world))
      assert.ok(unsupported.message.endsWith(`\n  - ${flag}: is odd`), unsupported.message)
    })
  }

  it('a refused field: --expires that is too long for the registry keeps its code and hint', async (t) => {
    const {run, registry} = await startSession(t)
    await registry.store.policy.set({maxTokenLifetime: '30d'}, operator, registry.clock.now.getTime())
    const tooLong = await run(TokenCreate, ['--label', 'ci', '--expires', '90d'])
    assert.match(tooLong.stderr, / - --expires: must be at most 30d\n {2}hint: choose a shorter --expires/)
    assert.equal(tooLong.exitCode, 3)
    assert.equal((await run(TokenCreate, ['--label', 'ci', '--expires', '20d'])).exitCode, 0)
    const rotation = await run(TokenRotate, ['ci', '--expires', '90d'])
    assert.match(rotation.stderr, / - --expires: must be at most 30d\n/)
    assert.equal(rotation.exitCode, 3)
  })
})
