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

describe('an identity', () => {
  it('is a line a fact, of those that the registry tells', () => {
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

  it('is complete where the registry tells all', () => {
    const organizations = [
      {name: 'acme', role: 'owner'},
      {name: 'initech', role: 'member'},
    ]
    const shadowed = ['~/.apkg/credentials.json', 'a plugin']
    const whole = {...least, mfaEnabled: true, scopes: ['read', 'publish'], organizations, credential: token, shadowed}
    assert.equal(
      identityLines(whole),
      `Username: ada
Email: ada@example.com
MFA: enabled
Scopes: read, publish
Organizations: acme (owner), initech (member)
Registry: https://r.example
Credential: APKG_TOKEN (token "ci "x"", id 7k3f, for @a/x, @b/*, expires 2027-12-31T00:00:00Z)
Not used: ~/.apkg/credentials.json
Not used: a plugin
`,
    )
  })

  for (const [what, credential, line] of [
    [
      'a token without a label',
      {...token, label: null},
      'APKG_TOKEN (token, id 7k3f, for @a/x, @b/*, expires 2027-12-31T00:00:00Z)',
    ],
    [
      'a token for every package that does not expire',
      {...token, packages: [], expiresAt: null},
      'APKG_TOKEN (token "ci "x"", id 7k3f, does not expire)',
    ],
    [
      'a session, whose id says nothing',
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
    it(`says of ${what} what it is`, () => {
      const [, , , , last] = identityLines({...least, credential: credential as Identity['credential']}).split('\n')
      assert.equal(last, `Credential: ${line}`)
    })
  }

  it('says that MFA is off', () => {
    assert.match(identityLines({...least, mfaEnabled: false}), /^MFA: disabled$/m)
  })

  it('keeps hostile texts on their lines', () => {
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
Credential: APKG_TOKEN (token "${shown}", id ${shown}, for ${shown}, expires ${shown})
Not used: ${shown}
`,
    )
  })
})
