import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Identity} from '../../../src/account/session/identity.js'
import {identityLines} from '../../../src/views/account/identity.js'

const least: Identity = {
  registry: 'https://r.example',
  username: 'ada',
  email: 'ada@example.com',
  mfaEnabled: null,
  scopes: [],
  organizations: [],
  expiringTokens: [],
  credential: {source: 'APKG_TOKEN', kind: null, id: null, label: null, packages: null, expiresAt: null},
  shadowed: [],
}

const token = {
  source: 'APKG_TOKEN',
  kind: 'token' as const,
  id: '7k3f',
  label: 'ci "x"',
  packages: ['@a/x', '@b/*'],
  expiresAt: '2027-12-31T00:00:00Z',
}

describe('the identity', () => {
  it('identity: shows only what the registry reports', () => {
    assert.equal(
      identityLines(least),
      `Username: ada
Email: ada@example.com
Scopes: none
Registry: https://r.example
Credential: APKG_TOKEN
`,
    )
  })

  it('identity: shows everything that the registry reports', () => {
    const organizations = [
      {name: 'acme', role: 'owner'},
      {name: 'initech', role: 'member'},
    ]
    const shadowed = ['~/.apkg/credentials.json', 'a plugin']
    const complete = {
      ...least,
      mfaEnabled: true,
      scopes: ['read', 'publish'],
      organizations,
      credential: token,
      shadowed,
    }
    assert.equal(
      identityLines(complete),
      `Username: ada
Email: ada@example.com
MFA: enabled
Scopes: read, publish
Organizations: acme (owner), initech (member)
Registry: https://r.example
Credential: APKG_TOKEN (token "ci "x"", ID 7k3f, limited to @a/x, @b/*, expires 2027-12-31T00:00:00Z)
Unused credential: ~/.apkg/credentials.json
Unused credential: a plugin
`,
    )
  })

  for (const [what, credential, line] of [
    [
      'a token without a label',
      {...token, label: null},
      'APKG_TOKEN (token, ID 7k3f, limited to @a/x, @b/*, expires 2027-12-31T00:00:00Z)',
    ],
    [
      'a token without package limits and expiry',
      {...token, packages: [], expiresAt: null},
      'APKG_TOKEN (token "ci "x"", ID 7k3f, does not expire)',
    ],
    [
      'a session without its meaningless id',
      {
        source: '~/.apkg/credentials.json',
        kind: 'session',
        id: '7',
        label: null,
        packages: null,
        expiresAt: '2027-01-01T00:00:00Z',
      },
      '~/.apkg/credentials.json (session, expires 2027-01-01T00:00:00Z)',
    ],
  ] as const) {
    it(`identity: describes ${what}`, () => {
      const [, , , , last] = identityLines({...least, credential: credential as Identity['credential']}).split('\n')
      assert.equal(last, `Credential: ${line}`)
    })
  }

  it('identity: shows that MFA is disabled', () => {
    assert.match(identityLines({...least, mfaEnabled: false}), /^MFA: disabled$/m)
  })

  it('identity: escapes control characters', () => {
    const evil = '\u001B[2J\nUsername: root'
    const shown = '\\u{1b}[2J\\u{a}Username: root'
    const credential = {...token, label: evil, id: evil, packages: [evil], expiresAt: evil}
    const organizations = [{name: evil, role: evil}]
    assert.equal(
      identityLines({
        ...least,
        username: evil,
        email: evil,
        scopes: [evil],
        organizations,
        credential,
        shadowed: [evil],
      }),
      `Username: ${shown}
Email: ${shown}
Scopes: ${shown}
Organizations: ${shown} (${shown})
Registry: https://r.example
Credential: APKG_TOKEN (token "${shown}", ID ${shown}, limited to ${shown}, expires ${shown})
Unused credential: ${shown}
`,
    )
  })
})
