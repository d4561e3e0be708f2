import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Whoami from '../../src/commands/whoami.js'
import {seen, startSession} from '../support/command.js'
import {unrestricted} from '../support/unrestricted.js'

describe('whoami', () => {
  it('whoami: shows the user and the credential, in text and with --json', async (t) => {
    const {run, registry} = await startSession(t)
    const tokenVariable = `APKG_TOKEN__127_0_0_1_${new URL(registry.url).port}`
    const {stdout: answer} = await run(Whoami, ['--json'])
    const identity = JSON.parse(answer) as {credential: {id: string; expiresAt: string; sessionExpiresAt: string}}
    const {id, expiresAt, sessionExpiresAt} = identity.credential
    assert.ok(Date.parse(sessionExpiresAt) - Date.parse(expiresAt) > 86_400_000, 'not that of the access token')
    assert.deepEqual(identity, {
      registry: registry.url,
      username: 'ada',
      email: 'ada@example.com',
      mfaEnabled: false,
      scopes: ['read', 'publish', 'admin'],
      organization: null,
      organizations: [],
      expiringTokens: [],
      credential: {
        source: '~/.apkg/credentials.json',
        kind: 'session',
        id,
        label: null,
        packages: [],
        isOldValue: null,
        job: null,
        ...{expiresAt, sessionExpiresAt},
        ...unrestricted,
      },
      tokenVariable,
      shadowed: [],
    })
    assert.deepEqual(seen(await run(Whoami, [])), {
      stdout: `Username: ada
Email: ada@example.com
MFA: disabled
Scopes: read, publish, admin
Registry: ${registry.url}
Credential: ~/.apkg/credentials.json (session, expires ${sessionExpiresAt})
Token variable: ${tokenVariable} (not set)
`,
      stderr: '',
      exitCode: 0,
    })
  })
})
