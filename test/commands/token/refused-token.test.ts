import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import DistTagAdd from '../../../src/commands/dist-tag/add.js'
import Login from '../../../src/commands/login.js'
import TokenCreate from '../../../src/commands/token/create.js'
import Whoami from '../../../src/commands/whoami.js'
import {errorOf, startSession} from '../../support/command.js'
import {password, startRegistry} from '../../support/registry.js'

const unset = 'unset APKG_TOKEN to use ~/.apkg/credentials.json'

describe('a refused token', () => {
  it('a refused token: one of another registry names that registry', async (t) => {
    const {run, registry} = await startSession(t)
    const other = await startRegistry(t)
    await other.addUser('ada')
    const atOther = {env: {APKG_REGISTRY: other.url}}
    const login = await run(Login, ['--username', 'ada', '--password-stdin'], {...atOther, stdin: password})
    assert.equal(login.exitCode, 0, login.stderr)
    const value = (await run(TokenCreate, [], atOther)).stdout.trim()
    const {code, reason, suggestions} = errorOf(await run(Whoami, ['--json'], {env: {APKG_TOKEN: value}}))
    assert.deepEqual([code, reason], ['REJECTED', 'CREDENTIAL_UNKNOWN'])
    assert.deepEqual(suggestions, [
      `if the token is for ${other.url}, add \`--registry ${other.url}\``,
      'set APKG_TOKEN to a valid token',
      'unset APKG_TOKEN to use ~/.apkg/sessions.json',
    ])
    assert.notEqual(other.url, registry.url)
  })

  it('a refused token: one that was revoked gets no hint about other registries', async (t) => {
    const {run, registry} = await startSession(t)
    const value = (await run(TokenCreate, ['--label', 'ci', '--expires', '15m'])).stdout.trim()
    registry.clock.advance(3_600_000)
    const {reason, suggestions} = errorOf(await run(Whoami, ['--json'], {env: {APKG_TOKEN: value}}))
    assert.equal(reason, 'CREDENTIAL_EXPIRED')
    assert.deepEqual(suggestions, ['set APKG_TOKEN to a valid token', unset])
  })

  it('a refused token: a package that is not among its packages is not a matter of scopes', async (t) => {
    const {run} = await startSession(t)
    const value = (await run(TokenCreate, ['--label', 'ci', '--package', '@ada/a'])).stdout.trim()
    const env = {APKG_TOKEN: value}
    const {code, reason, message, suggestions} = errorOf(
      await run(DistTagAdd, ['@ada/b@1.0.0', 'next', '--json'], {env}),
    )
    assert.deepEqual([code, reason], ['REFUSED', 'SCOPE_INSUFFICIENT'])
    assert.match(
      message,
      /The token "ci" \(read, publish\) does not allow changing @ada\/b\. It is limited to @ada\/a /,
    )
    assert.deepEqual(suggestions, [
      'set APKG_TOKEN to a token whose --package includes this package (see `apkg help token create`)',
      unset,
    ])
  })
})
