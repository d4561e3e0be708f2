import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import TokenShow from '../../../src/commands/token/show.js'
import Whoami from '../../../src/commands/whoami.js'
import {errorOf, failureOf, seen, startSession, startWorld} from '../../support/command.js'
import {password} from '../../support/registry.js'
import {scrub} from '../../support/scrub.js'
import {unrestricted} from '../../support/unrestricted.js'

const integrity = `sha256-${'A'.repeat(43)}=`
const exact = ['--package', '@a/x@1.2.3', '--integrity', integrity]

const takenHints = (registry: string) => `  hint: choose another --label
  hint: run \`apkg token show --registry ${registry} ci\` to see the token that has this one
  hint: run \`apkg token rotate --registry ${registry} ci\` to give that token a new value
  hint: run \`apkg token revoke --registry ${registry} ci\` to free the label
`

describe('token create', () => {
  it('token create: prints only the token to stdout and everything else to stderr', async (t) => {
    const {run, registry} = await startSession(t)
    const {stdout, stderr, exitCode} = await run(TokenCreate, ['--label', 'ci'])
    assert.match(stdout, /^apkgt_[0-9A-Za-z]{38}\n$/)
    assert.equal(
      scrub(stderr, registry.url),
      `Created token ci
  id        <id>
  registry  <registry>
  scopes    read, publish
  packages  all
  expires   never
To revoke it, run \`apkg token revoke --registry <registry> <id>\`.
`,
    )
    assert.equal(exitCode, 0)
  })

  it('token create: says to copy the token only if it is on a terminal', async (t) => {
    const {run} = await startSession(t)
    const shown = /Copy the token now\. It won't be shown again:\n/
    assert.match((await run(TokenCreate, ['--label', 'shown'], {terminal: true})).stderr, shown)
    const kept = await run(TokenCreate, ['--label', 'kept'], {terminal: true, stdoutTo: 'file'})
    assert.match(kept.stdout, /^apkgt_/)
    assert.doesNotMatch(kept.stderr, /Copy/)
    const rotated = await run(TokenRotate, ['shown'], {terminal: true})
    assert.match(rotated.stderr, shown)
    assert.doesNotMatch((await run(TokenRotate, ['kept'], {terminal: true, stdoutTo: 'file'})).stderr, /Copy/)
  })

  it('token create: a label can be a path, which only ever names the token', async (t) => {
    const {run, registry} = await startSession(t)
    assert.equal((await run(TokenCreate, ['--label', '../../x'])).exitCode, 0)
    assert.match((await run(TokenShow, ['../../x'])).stdout, /\.\.\/\.\.\/x/)
    const revoked = await run(TokenRevoke, ['../../x'])
    assert.match(revoked.stderr, /^Revoked token \.\.\/\.\.\/x \(/)
    assert.deepEqual(await registry.liveTokens(), [])
    for (const label of ['-5d', '7k3f9q2mzx5w8d1c']) {
      assert.equal(failureOf(await run(TokenCreate, [`--label=${label}`, '--json'])).code, 'LABEL_INVALID')
    }
  })

  it('token create -- <command>: says that the token was created only if the command has it', async (t) => {
    const {run} = await startSession(t)
    const env = {PATH: process.env['PATH']}
    const failed = await run(TokenCreate, ['--label', 'ci', '--', 'false'], {env})
    assert.match(failed.stderr, /^Error: `false` exited with code 1\. The token "ci" was revoked\n/)
    const done = await run(TokenCreate, ['--label', 'ci', '--', 'true'], {env})
    assert.match(done.stderr, /^Created token ci\n/)
  })

  it('token create: --json prints the token with its details', async (t) => {
    const {run, registry} = await startSession(t)
    const args = ['--label', 'ci', '--expires', '8w', '--scopes', 'read,publish', '--package', '@acme/*', '--json']
    const {stdout, exitCode} = await run(TokenCreate, [...args, '--package', '@ada/tool'])
    const {token, id, prefix, createdAt, expiresAt, ...rest} = JSON.parse(stdout) as Record<string, string>
    assert.match(token ?? '', /^apkgt_[0-9A-Za-z]{38}$/)
    assert.match(id ?? '', /^[0-9][0-9a-z]{15}$/)
    assert.equal(prefix, token?.slice(0, 12))
    assert.equal(Date.parse(expiresAt ?? '') - Date.parse(createdAt ?? ''), 56 * 86_400_000)
    const packages = ['@acme/*', '@ada/tool']
    assert.deepEqual(rest, {
      ...{
        registry: registry.url,
        label: 'ci',
        scopes: ['read', 'publish'],
        packages,
        note: null,
        status: 'active',
        valueEndedAt: null,
      },
      ...unrestricted,
      ...{
        rotatedAt: null,
        lastUsedAt: null,
        lastUse: null,
        suspendedAt: null,
        suspensions: [],
        revokedAt: null,
        revokedBy: null,
        generation: 1,
        oldValue: null,
        organization: null,
        createdBy: 'ada',
      },
    })
    assert.equal(exitCode, 0)
  })

  const requestsOf = (registry: {requests: string[]}) =>
    registry.requests.splice(0).filter((each) => !each.includes('login'))

  it('token create: without --expires, a token gets the longest lifetime that the registry allows', async (t) => {
    const {run, registry} = await startSession(t)
    await registry.store.policy.set({maxTokenLifetime: '90d'}, operator, registry.clock.now.getTime())
    requestsOf(registry)
    const {stdout, stderr, exitCode} = await run(TokenCreate, ['--label', 'ci'])
    assert.match(stdout, /^apkgt_/)
    assert.equal(exitCode, 0)
    const note =
      'The token expires in 90d, the longest that this registry allows. Use --expires to choose another lifetime.'
    assert.ok(stderr.split('\n').includes(note), stderr)
    assert.doesNotMatch(stderr, /Warning/)
    assert.deepEqual(requestsOf(registry), ['GET /registry/policy', 'POST /auth/tokens'])
    const {createdAt, expiresAt} = JSON.parse((await run(TokenCreate, ['--label', 'two', '--json'])).stdout)
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 90 * 86_400_000)
  })

  it('token create: without --expires, a token gets the default of the registry', async (t) => {
    const {run, registry} = await startSession(t)
    const policy = {maxTokenLifetime: '90d', defaultTokenLifetime: '12h'}
    await registry.store.policy.set(policy, operator, registry.clock.now.getTime())
    const {stderr} = await run(TokenCreate, ['--label', 'ci'])
    assert.match(stderr, /^The token expires in 12h, the default of this registry\. Use --expires/m)
    assert.equal((await run(TokenCreate, ['--label', 'longer', '--expires', '90d'])).exitCode, 0)
  })

  for (const expires of ['91d', 'never', '2099-01-01']) {
    it(`token create: --expires ${expires} beyond the maximum of the registry creates nothing`, async (t) => {
      const {run, registry} = await startSession(t)
      await registry.store.policy.set({maxTokenLifetime: '90d'}, operator, registry.clock.now.getTime())
      requestsOf(registry)
      const outcome = await run(TokenCreate, ['--label', 'ci', '--expires', expires, '--json'])
      const {code, reason, message, suggestions} = errorOf(outcome)
      assert.deepEqual([outcome.exitCode, code, reason], [3, 'REFUSED', 'LIFETIME_TOO_LONG'])
      assert.match(message, /The lifetime of a token on this registry must be at most 90d/)
      assert.deepEqual(suggestions, ['choose a shorter --expires, or leave it out to get what the registry allows'])
      assert.deepEqual(requestsOf(registry), ['POST /auth/tokens'])
      assert.deepEqual(await registry.liveTokens(), [])
    })
  }

  it('token create: the error for too many tokens names the limit', async (t) => {
    const {run, registry} = await startSession(t)
    await registry.store.policy.set({maxTokens: 1}, operator, registry.clock.now.getTime())
    assert.equal((await run(TokenCreate, ['--label', 'one'])).exitCode, 0)
    const outcome = await run(TokenCreate, ['--label', 'two', '--json'])
    const {reason, message} = errorOf(outcome)
    assert.deepEqual([outcome.exitCode, reason], [3, 'TOKEN_LIMIT'])
    assert.match(message, /The account has reached its limit of 1 token/)
  })

  /** A session whose login is too old to create a token. */
  async function withOldLogin(t: Parameters<typeof startSession>[0]) {
    const world = await startSession(t)
    world.registry.clock.advance(10 * 60_000 + 1)
    requestsOf(world.registry)
    return world
  }

  it('token create: asks to confirm the password if the login is too old, and never refreshes the session', async (t) => {
    const {run, registry} = await withOldLogin(t)
    const asked: string[] = []
    const answers = ['a wrong one', password]
    const prompts = {
      password({message}: {message: string}) {
        asked.push(message)
        return Promise.resolve(answers.shift() ?? '')
      },
    }
    const {stdout, exitCode} = await run(TokenCreate, ['--label', 'ci', '--expires', '1d'], {terminal: true, prompts})
    assert.match(stdout, /^apkgt_/)
    assert.equal(exitCode, 0)
    assert.deepEqual(asked, ['Confirm your password to create a token', 'Confirm your password to create a token'])
    const [create, confirm] = ['POST /auth/tokens', 'POST /auth/step-up']
    assert.deepEqual(requestsOf(registry), [create, 'GET /registry/policy', confirm, confirm, create])
  })

  it('token create: confirms with --password-stdin, and does not read it if the login is recent', async (t) => {
    const {run, registry} = await withOldLogin(t)
    const argv = ['--label', 'ci', '--password-stdin']
    assert.equal((await run(TokenCreate, argv, {stdin: `${password}\n`})).exitCode, 0)
    assert.equal((await run(TokenCreate, ['--label', 'two', '--password-stdin'], {stdin: ''})).exitCode, 0)
    assert.deepEqual((await registry.liveTokens()).sort(), ['ci', 'two'])
  })

  it('token create: without a terminal, an old login fails with the command that confirms the password', async (t) => {
    const {run, registry} = await withOldLogin(t)
    const outcome = await run(TokenCreate, ['--label', "ada's", '--json'])
    const {code, message, suggestions} = errorOf(outcome)
    assert.deepEqual([outcome.exitCode, code], [4, 'CONFIRMATION_REQUIRED'])
    assert.match(message, /^Confirm your password to create a token\. /)
    assert.deepEqual(suggestions, [
      "run `apkg token create --label 'ada'\\''s' --json --password-stdin` with your password on standard input",
      `or log in again: \`apkg login --registry ${registry.url}\``,
    ])
    assert.deepEqual(await registry.liveTokens(), [])
    assert.ok(requestsOf(registry).every((request) => !request.includes('refresh')))
  })

  it('token create: a wrong password is refused, and the session stays valid', async (t) => {
    const {run} = await withOldLogin(t)
    const outcome = await run(TokenCreate, ['--label', 'ci', '--password-stdin', '--json'], {stdin: 'wrong'})
    const {code, reason} = errorOf(outcome)
    assert.deepEqual([outcome.exitCode, code, reason], [4, 'CONFIRMATION_REJECTED', 'LOGIN_FAILED'])
    assert.equal((await run(TokenCreate, ['--label', 'ci', '--password-stdin'], {stdin: password})).exitCode, 0)
  })

  it('token create: stores and shows a note', async (t) => {
    const {run} = await startSession(t)
    const {stderr} = await run(TokenCreate, ['--label', 'ci', '--note', 'Publishes on Fridays'])
    assert.match(stderr, /\n {2}note {6}Publishes on Fridays\n/)
    const {stdout} = await run(TokenList, ['--json'])
    assert.equal((JSON.parse(stdout) as {tokens: {note: string}[]}).tokens[0]?.note, 'Publishes on Fridays')
    const tooLong = await run(TokenCreate, ['--label', 'long', '--note', 'x'.repeat(251), '--json'])
    assert.deepEqual(failureOf(tooLong), {
      code: 'USAGE',
      message: '--note must be at most 250 characters long',
      exitCode: 2,
    })
    assert.equal((await run(TokenCreate, ['--label', 'long', '--note', '\u{1F4E6}'.repeat(250)])).exitCode, 0)
  })

  it('token create: --dry-run describes the token and creates nothing', async (t) => {
    const {run, registry} = await startSession(t)
    const args = ['--label', 'ci', '--scopes', 'publish', '--package', '@acme/*', '--expires', '30d', '--dry-run']
    const expires = new Date(registry.clock.now.getTime() + 30 * 86_400_000).toISOString()
    assert.deepEqual(seen(await run(TokenCreate, args)), {
      stdout: '',
      stderr: `Would create token ci
  registry  ${registry.url}
  publish   read private packages, and publish, tag and deprecate packages
  packages  only @acme/*
  expires   in 30 days, at ${expires}
Dry run: no token was created.
`,
      exitCode: 0,
    })
    const {stdout} = await run(TokenCreate, ['--label', 'ci', '--note', 'x', '--dry-run', '--json'])
    assert.deepEqual(JSON.parse(stdout), {
      ...{registry: registry.url, dryRun: true, label: 'ci', note: 'x'},
      ...{scopes: ['read', 'publish'], packages: [], expiresAt: null, organization: null, ...unrestricted},
    })
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('token create: --uses limits how many changes the token can make', async (t) => {
    const {run} = await startSession(t)
    const planned = await run(TokenCreate, ['--label', 'ci', '--uses', '1', '--dry-run'])
    assert.match(planned.stderr, /\n {2}uses {6}1 change to packages\n/)
    const {stdout, stderr} = await run(TokenCreate, ['--label', 'ci', '--uses', '2', '--json'])
    assert.match(stderr, /\n {2}uses {6}2\n/)
    const {uses, usesLeft, status, token} = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual([uses, usesLeft, status], [2, 2, 'active'])
    const {stdout: shown} = await run(Whoami, [], {env: {APKG_TOKEN: String(token)}})
    assert.match(shown, /^Credential: APKG_TOKEN \(token "ci", ID \w+, 2 of 2 uses left, /m)
    const {stdout: listed} = await run(TokenList, [])
    assert.match(listed, /\tactive\t-\t2\t-\tada\t-\n$/)
  })

  it('token create: an exact version gets less than an hour if the registry allows no more', async (t) => {
    const {run, registry} = await startSession(t)
    const lifetimeOf = async (...args: string[]) => {
      const {stdout} = await run(TokenCreate, [...exact, '--json', ...args])
      const {createdAt, expiresAt} = JSON.parse(stdout)
      return (Date.parse(expiresAt) - Date.parse(createdAt)) / 60_000
    }
    const now = registry.clock.now.getTime()
    await registry.store.policy.set({maxTokenLifetime: '90d', defaultTokenLifetime: '30d'}, operator, now)
    assert.equal(await lifetimeOf(), 60)
    await registry.store.policy.set({maxTokenLifetime: '30m', defaultTokenLifetime: '15m'}, operator, now)
    assert.equal(await lifetimeOf(), 30)
    const note =
      'The token expires in 30m, the longest that this registry allows. Use --expires to choose another lifetime.'
    for (const args of [[], ['--dry-run']]) {
      assert.ok((await run(TokenCreate, [...exact, ...args])).stderr.split('\n').includes(note))
    }
    const tooLong = await run(TokenCreate, [...exact, '--expires', '1h', '--json'])
    assert.equal(JSON.parse(tooLong.stdout).error.reason, 'LIFETIME_TOO_LONG')
  })

  it('token create: an exact version with --integrity limits the token to that release, for one use and an hour', async (t) => {
    const {run, registry} = await startSession(t)
    const expires = new Date(registry.clock.now.getTime() + 3_600_000).toISOString()
    const planned = await run(TokenCreate, ['--label', 'ci', ...exact, '--dry-run'])
    assert.equal(
      planned.stderr,
      `Would create token ci
  registry  ${registry.url}
  scopes    publish:new, publish:update, tag
  packages  only @a/x@1.2.3
  tarball   ${integrity}
  dist-tag  latest
  uses      1 change to packages
  expires   in 60 minutes, at ${expires}
Dry run: no token was created.
`,
    )
    const {stdout} = await run(TokenCreate, ['--label', 'ci', ...exact, '--json'])
    const created = JSON.parse(stdout) as Record<string, unknown>
    const release = {version: '1.2.3', integrity, tag: 'latest'}
    assert.deepEqual([created['release'], created['packages'], created['uses']], [release, ['@a/x'], 1])
    assert.deepEqual(created['scopes'], ['publish:new', 'publish:update', 'tag'])
    assert.equal(created['expiresAt'], expires)
    const other = ['--tag', 'next', '--uses', '2', '--expires', '2h', '--scopes', 'publish:update,tag']
    const {stderr} = await run(TokenCreate, ['--label', 'other', ...exact, ...other])
    assert.match(
      stderr,
      /\n {2}packages {2}@a\/x@1\.2\.3\n {2}tarball {3}sha256-\S+\n {2}dist-tag {2}next\n {2}uses {6}2\n/,
    )
    const {stdout: listed} = await run(TokenList, [])
    assert.match(listed, /^ci\t\S+\t\S+\tpublish:new,publish:update,tag\t@a\/x@1\.2\.3\t/m)
    const {stdout: shown} = await run(Whoami, [], {env: {APKG_TOKEN: String(created['token'])}})
    assert.match(shown, /^Credential: APKG_TOKEN \(token "ci", ID \w+, limited to @a\/x@1\.2\.3, 1 of 1 use left, /m)
  })

  it('token create: --ip limits the token to addresses, and the registry refuses it elsewhere', async (t) => {
    const {run} = await startSession(t)
    const elsewhere = ['--label', 'ci', '--ip', '203.0.113.0/24,2001:DB8::7', '--cidr', '::ffff:192.0.2.1']
    const planned = await run(TokenCreate, [...elsewhere, '--dry-run'])
    assert.match(planned.stderr, /\n {2}ip {8}only 203\.0\.113\.0\/24, 2001:db8::7\/128, 192\.0\.2\.1\/32\n/)
    const {stdout, stderr} = await run(TokenCreate, elsewhere)
    assert.match(stderr, /\n {2}ip {8}203\.0\.113\.0\/24, 2001:db8::7\/128, 192\.0\.2\.1\/32\n/)
    const refused = await run(Whoami, [], {env: {APKG_TOKEN: stdout.trim()}})
    assert.equal(
      refused.stderr.replace(/ at \S+:/, ' at <registry>:'),
      `Error: Cannot fetch the current user at <registry>: The token "ci" cannot be used from 127.0.0.1 (credential: APKG_TOKEN)
  hint: set APKG_TOKEN to a token whose --ip includes this address (see \`apkg help token create\`)
  hint: unset APKG_TOKEN to use ~/.apkg/credentials.json
`,
    )
    assert.equal(refused.exitCode, 3)
    const {stdout: local} = await run(TokenCreate, ['--label', 'local', '--ip', '127.0.0.1', '--json'])
    const {token, addresses} = JSON.parse(local) as {token: string; addresses: string[]}
    assert.deepEqual(addresses, ['127.0.0.1/32'])
    const accepted = await run(Whoami, [], {env: {APKG_TOKEN: token}})
    assert.match(accepted.stdout, /^Credential: APKG_TOKEN \(token "local", ID \w+, only from 127\.0\.0\.1\/32, /m)
  })

  it('token create: --dry-run shows the lifetime that the policy of the registry sets', async (t) => {
    const {run, registry} = await startSession(t)
    await registry.store.policy.set({maxTokenLifetime: '90d'}, operator, registry.clock.now.getTime())
    const expires = new Date(registry.clock.now.getTime() + 90 * 86_400_000).toISOString()
    const {stderr} = await run(TokenCreate, ['--label', 'ci', '--dry-run'])
    assert.ok(stderr.includes(`expires   in 90 days, at ${expires}\nThe token expires in 90d, the longest`), stderr)
    const {stdout} = await run(TokenCreate, ['--label', 'ci', '--dry-run', '--json'])
    assert.equal(JSON.parse(stdout).expiresAt, expires)
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('token create: the default label consists of user, host and date, plus a number if it already exists', async (t) => {
    const {run, registry} = await startSession(t)
    const world = {now: new Date(2026, 0, 5, 12), host: {user: 'Ada L', name: 'engine.local'}}
    for (let count = 0; count < 3; count++) assert.equal((await run(TokenCreate, [], world)).exitCode, 0)
    const base = 'Ada-L@engine.local-20260105'
    assert.deepEqual((await registry.liveTokens()).sort(), [base, `${base}-2`, `${base}-3`])
  })

  it('token create: prompts for a label with a default on a terminal', async (t) => {
    const {run, registry} = await startSession(t)
    const asked: unknown[] = []
    const prompts = {
      text({
        message,
        default: proposal,
        validate,
      }: {
        message: string
        default?: string
        validate?: (text: string) => true | string
      }) {
        asked.push(message, proposal, validate?.('ok'), validate?.(''), validate?.('apkgt_abc'))
        return Promise.resolve('typed')
      },
    }
    const world = {terminal: true, prompts, now: new Date(2026, 0, 5), host: {user: 'ada', name: 'engine'}}
    assert.equal((await run(TokenCreate, [], world)).exitCode, 0)
    const [empty, value] = ['The label must not be empty.', 'The label must not look like a token value.']
    assert.deepEqual(asked, ['Label', 'ada@engine-20260105', true, empty, value])
    assert.deepEqual(await registry.liveTokens(), ['typed'])
  })

  it('token create: accepts emoji, quotes, __proto__ and constructor in labels', async (t) => {
    const {run, registry} = await startSession(t)
    const labels = ['🚀 ship it 👩‍🚀', '__proto__', 'constructor', 'with, comma; "quotes"', 'x'.repeat(100)]
    for (const label of labels) assert.equal((await run(TokenCreate, ['--name', label])).exitCode, 0)
    assert.deepEqual((await registry.liveTokens()).sort(), [...labels].sort())
  })

  const wrong: [string[], string][] = [
    [['--label', ''], '--label: The label must not be empty'],
    [['--label', 'x'.repeat(101)], '--label: The label must be at most 100 characters long'],
    [['--label', 'a\u001B[31mb'], '--label: The label must not contain control or invisible characters'],
    [['--label', 'ci\u200B'], '--label: The label must not contain control or invisible characters'],
    [['--label', ' padded'], '--label: The label must not start or end with whitespace'],
    [['--label', '7k3f9q2mx4tz8r1b'], '--label: The label must not look like a token ID'],
    [['--expires', '7 weeks'], `--expires: \`7 weeks\` is not a valid lifetime`],
    [['--expires', '-5'], `--expires: \`-5\` is not a valid lifetime`],
    [['--expires', '3.7'], `--expires: \`3.7\` is not a valid lifetime`],
    [['--expires', '30'], `--expires: \`30\` is not a valid lifetime`],
    [['--expires', '2027-02-30'], `--expires: \`2027-02-30\` is not a valid lifetime`],
    [['--expires', '2020-01-01'], '--expires: 2020-01-01T00:00:00.000Z is in the past'],
    [['--scopes', 'everything'], '--scopes: `everything` is not a scope'],
    [['--scopes', 'read,@acme/*'], '--scopes: `@acme/*` is not a scope'],
    [['--package', 'acme'], '--package: `acme` must be a package name, `@scope/*`, or a name with a trailing `*`'],
    [
      ['--package', Array.from({length: 51}, (_, i) => `@a/p${i}`).join(',')],
      'A token can have at most 50 package patterns',
    ],
    [['--ip', '203.0.113.7/24'], '--ip: `203.0.113.7/24` has bits set after its prefix: use 203.0.113.0/24'],
    [['--ip', 'fe80::1%eth0'], '--ip: `fe80::1%eth0` must not have a zone'],
    [
      ['--cidr', 'localhost'],
      '--cidr: `localhost` is not an address or a range in CIDR notation, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32',
    ],
    [
      ['--ip', Array.from({length: 51}, (_, i) => `203.0.113.${i}`).join(',')],
      'A token can have at most 50 address ranges',
    ],
    [['--uses', '0'], '--uses must be at least 1'],
    [['--uses', '1', '--scopes', 'read,token:read'], '--uses requires a scope that allows changing packages'],
    [
      ['--package', '@a/x@1.x', '--integrity', integrity],
      '--package: `@a/x@1.x` is not a package with an exact version',
    ],
    [
      ['--package', '@a/*@1.2.3', '--integrity', integrity],
      '--package: `@a/*@1.2.3` is not a package with an exact version',
    ],
    [['--package', '@a/x@1.2.3'], '--package @a/x@1.2.3 requires --integrity'],
    [[...exact, '--package', '@a/y@1.2.3'], 'A token for an exact version can have only one --package'],
    [['--package', '@a/*', ...exact], 'A token for an exact version can have only one --package'],
    [['--integrity', integrity], '--integrity requires an exact version in --package'],
    [['--package', '@a/x', '--integrity', integrity], '--integrity requires an exact version in --package'],
    [['--tag', 'next'], '--tag requires an exact version in --package'],
    [
      ['--package', '@a/x@1.2.3', '--integrity', 'sha512-x'],
      '--integrity: `sha512-x` is not `sha256-` followed by a SHA-256 in base64',
    ],
    [[...exact, '--tag', 'v1'], '--tag: `v1` must not be a version or a range'],
    [[...exact, '--scopes', 'read'], "A token for an exact version can only publish it, so it can't have read"],
    [[...exact, '--scopes', 'publish'], "A token for an exact version can only publish it, so it can't have publish"],
    [[...exact, '--scopes', 'tag'], 'A token for an exact version requires publish:new or publish:update'],
    [[...exact, '--scopes', 'publish:new', '--tag', 'next'], '--tag next requires the scope tag'],
    [
      ['--package', '@a/x@1.2.3-beta.1', '--integrity', integrity],
      '1.2.3-beta.1 is a prerelease, which requires --tag',
    ],
    [['surplus'], 'Unexpected argument: surplus'],
    [['--nonsense'], 'Unknown flag: --nonsense'],
  ]
  it('token create: an invalid lifetime gets a hint with the accepted forms', async (t) => {
    const {run} = await startSession(t)
    const forms =
      'a duration (15m, 12h, 30d, 8w or 1y), a date (2027-01-31, midnight UTC), an RFC 3339 time, or `never`'
    const {stderr} = await run(TokenCreate, ['--expires', '7 weeks'])
    assert.equal(stderr, `Error: --expires: \`7 weeks\` is not a valid lifetime\n  hint: use ${forms}\n`)
  })

  it('token create: a package among the scopes gets a hint with the flag for packages', async (t) => {
    const {run} = await startSession(t)
    const {stderr} = await run(TokenCreate, ['--scopes', '@acme/*'])
    assert.match(stderr, /\n {2}hint: use --package to limit the token to packages\n/)
  })

  it('token create: narrow scopes are sent and listed as requested, and ci still works', async (t) => {
    const {run} = await startSession(t)
    const scopes = ['publish:new', 'publish:update', 'tag', 'deprecate', 'token:read', 'token:rotate']
    for (const [label, list] of [['narrow', scopes] as const, ['old', ['ci']] as const]) {
      const {stdout, stderr, exitCode} = await run(TokenCreate, [
        '--label',
        label,
        '--scopes',
        list.join(','),
        '--json',
      ])
      assert.deepEqual([exitCode, JSON.parse(stdout).scopes, stderr.includes('Warning')], [0, list, false])
    }
  })

  it('token create: an invalid flag creates nothing, in text and with --json', async (t) => {
    const {run, registry} = await startSession(t)
    registry.requests.length = 0
    for (const [args, message] of wrong) {
      const text = await run(TokenCreate, args)
      assert.equal(text.stderr.split('\n')[0], `Error: ${message}`, args.join(' '))
      assert.deepEqual([text.stdout, text.exitCode], ['', 2], args.join(' '))
      const failure = failureOf(await run(TokenCreate, [...args, '--json']))
      assert.deepEqual([failure.message, failure.exitCode], [message, 2], args.join(' '))
    }
    assert.deepEqual(registry.requests, [])
  })

  it('token create: never repeats a token that was passed by mistake', async (t) => {
    const {run} = await startSession(t)
    const value = `apkgt_${'x'.repeat(38)}`
    for (const args of [['--label', value], [value], [`--${value}`], ['--label', 'ci', '--scopes', value]]) {
      for (const json of [[], ['--json']]) {
        const {stdout, stderr, exitCode} = await run(TokenCreate, [...args, ...json])
        assert.equal(exitCode, 2)
        assert.ok(!(stdout + stderr).includes(value.slice(6, 20)), stdout + stderr)
      }
    }
  })

  it('token create: an existing label is refused', async (t) => {
    const {run, registry} = await startSession(t)
    await run(TokenCreate, ['--label', 'ci'])
    assert.deepEqual(seen(await run(TokenCreate, ['--label', 'ci'])), {
      stdout: '',
      stderr: `Error: Cannot create an API token at ${registry.url}: You already have a token with the label "ci"\n${takenHints(registry.url)}`,
      exitCode: 3,
    })
    const {code, reason, status, requestId} = errorOf(await run(TokenCreate, ['--label', 'ci', '--json']))
    assert.deepEqual([code, reason, status], ['REFUSED', 'LABEL_TAKEN', 409])
    assert.match(requestId ?? '', /^[0-9a-f-]{36}$/)
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token create: requires a credential, and hints how to get one', async (t) => {
    const {run, registry} = await startWorld(t)
    assert.deepEqual(seen(await run(TokenCreate, ['--label', 'ci'])), {
      stdout: '',
      stderr: `Error: Authentication required: no credential for ${registry.url}\n  hint: run \`apkg login --registry ${registry.url}\`\n  hint: set APKG_TOKEN to an API token, or APKG_TOKEN__127_0_0_1_${new URL(registry.url).port} for this registry only\n`,
      exitCode: 4,
    })
    const failure = failureOf(await run(TokenCreate, ['--label', 'ci', '--json']))
    assert.deepEqual([failure.code, failure.exitCode], ['AUTH_REQUIRED', 4])
  })

  it('token create: does nothing while offline', async (t) => {
    const {run, registry} = await startSession(t)
    registry.requests.length = 0
    const outcome = await run(TokenCreate, ['--label', 'ci', '--offline', '--json'])
    assert.deepEqual(failureOf(outcome), {
      code: 'OFFLINE',
      message: 'Offline mode: cannot create an API token',
      exitCode: 5,
    })
    assert.deepEqual(registry.requests, [])
  })
})
