import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Whoami from '../../src/commands/whoami.js'
import {html, json, startHostileRegistry} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {checkAddress, worldOf, scrubbed, assertFails} from './registry-responses.js'
import {runCommand} from '../support/run-command.js'

// Run concurrently, since most of these wait for an answer or before another attempt.
describe('whoami', {concurrency: true}, () => {
  const whoami = 'GET /auth/whoami'

  it('whoami: HTML fails', async (t) => {
    const registry = await startHostileRegistry(t)
    await assertFails(
      t,
      registry,
      [Whoami],
      {[whoami]: html(200)},
      {
        code: 'BAD_RESPONSE',
        exit: 5,
        message: 'Cannot fetch the current user at REGISTRY: the response is not JSON (content type text/html)',
        suggestions: checkAddress,
      },
    )
  })

  it('whoami: a minimal answer is accepted, with control characters shown as their codes', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer({[whoami]: json(200, {username: 'a\u001B[2J\nEmail: x', email: '\u202Ee', mfaEnabled: null})})
    const outcome = await runCommand(Whoami, [], config, await worldOf(t, registry.url))
    assert.equal(
      scrubbed(outcome, registry.url).stdout,
      'Username: a\\u{1b}[2J\\u{a}Email: x\nEmail: \\u{202e}e\nScopes: none\nRegistry: REGISTRY\nCredential: APKG_TOKEN\nToken variable: VARIABLE (not set)\n',
    )
    assert.deepEqual([outcome.stderr, outcome.exitCode], ['', 0])
  })
})
