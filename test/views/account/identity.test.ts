import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Identity} from '../../../src/account/session/identity.js'
import {identityLines} from '../../../src/views/account/identity.js'
import {unrestricted} from '../../support/unrestricted.js'

const least: Identity = {
  registry: 'https://r.example',
  username: 'ada',
  email: 'ada@example.com',
  mfaEnabled: null,
  scopes: [],
  organization: null,
  organizations: [],
  expiringTokens: [],
  credential: {
    source: 'APKG_TOKEN',
    kind: null,
    id: null,
    label: null,
    packages: null,
    isOldValue: null,
    job: null,
    expiresAt: null,
    ...unrestricted,
  },
  tokenVariable: null,
  shadowed: [],
}

const token = {
  source: 'APKG_TOKEN',
  kind: 'token' as const,
  id: '7k3f',
  label: 'ci "x"',
  packages: ['@a/x', '@b/*'],
  isOldValue: false,
  ...unrestricted,
  job: null,
  expiresAt: '2027-12-31T00:00:00Z',
}

const pipe = {isTerminal: false}
const now = new Date('2027-12-28T00:00:00Z')

describe('the identity', () => {
  it('identity: shows the expiry from now on a terminal', () => {
    const text = identityLines({...least, credential: {...least.credential, ...token}}, {isTerminal: true}, now)
    assert.match(text, /expires in 3 days/)
  })

  it('identity: shows only what the registry reports', () => {
    assert.equal(
      identityLines(least, pipe, now),
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
      tokenVariable: 'APKG_TOKEN__R_EXAMPLE',
      shadowed,
    }
    assert.equal(
      identityLines(complete, pipe, now),
      `Username: ada
Email: ada@example.com
MFA: enabled
Scopes: read, publish
Organizations: acme (owner), initech (member)
Registry: https://r.example
Credential: APKG_TOKEN (token "ci "x"", ID 7k3f, limited to @a/x, @b/*, expires 2027-12-31T00:00:00Z)
Token variable: APKG_TOKEN__R_EXAMPLE (not set)
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
      'a token that is limited to addresses',
      {...token, packages: [], addresses: ['203.0.113.0/24', '2001:db8::/32'], expiresAt: null},
      'APKG_TOKEN (token "ci "x"", ID 7k3f, only from 203.0.113.0/24, 2001:db8::/32, does not expire)',
    ],
    [
      'a session without its meaningless id',
      {
        source: '~/.apkg/credentials.json',
        kind: 'session',
        id: '7',
        label: null,
        packages: null,
        ...unrestricted,
        job: null,
        expiresAt: '2027-01-01T00:00:00Z',
      },
      '~/.apkg/credentials.json (session, expires 2027-01-01T00:00:00Z)',
    ],
  ] as const) {
    it(`identity: describes ${what}`, () => {
      const [, , , , last] = identityLines(
        {...least, credential: credential as Identity['credential']},
        pipe,
        now,
      ).split('\n')
      assert.equal(last, `Credential: ${line}`)
    })
  }

  it('identity: shows that MFA is disabled', () => {
    assert.match(identityLines({...least, mfaEnabled: false}, pipe, now), /^MFA: disabled$/m)
  })

  it('identity: shows the CI job of a trusted publisher instead of a person', () => {
    const job = {
      ...{provider: 'gitlab', issuer: 'https://gitlab.com', subject: 'project_path:group/tool', environment: null},
      ...{repository: 'group/tool', repositoryId: '20', commit: 'c0ffee', ref: 'refs/tags/v1'},
      ...{
        workflow: 'gitlab.com/group/tool//.gitlab-ci.yml@refs/tags/v1',
        run: 'https://gitlab.com/group/tool/-/jobs/1',
      },
    }
    const credential = {...least.credential, source: 'trusted publishing (APKG_ID_TOKEN)', job}
    assert.equal(
      identityLines({...least, username: 'gitlab:group/tool', email: '', credential}, pipe, now),
      `Trusted publisher: group/tool, .gitlab-ci.yml on GitLab CI/CD
Commit: c0ffee
Ref: refs/tags/v1
Run: https://gitlab.com/group/tool/-/jobs/1
Scopes: none
Registry: https://r.example
Credential: trusted publishing (APKG_ID_TOKEN)
`,
    )
  })

  it('identity: escapes control characters', () => {
    const evil = '\u001B[2J\nUsername: root'
    const shown = '\\u{1b}[2J\\u{a}Username: root'
    const credential = {...token, label: evil, id: evil, packages: [evil], expiresAt: evil}
    const organizations = [{name: evil, role: evil}]
    assert.equal(
      identityLines(
        {...least, username: evil, email: evil, scopes: [evil], organizations, credential, shadowed: [evil]},
        pipe,
        now,
      ),
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
