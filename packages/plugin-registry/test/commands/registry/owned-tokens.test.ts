import assert from 'node:assert/strict'
import {readdir, readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryTokenCreate from '../../../src/commands/registry/token/create.js'
import RegistryTokenIdentify from '../../../src/commands/registry/token/identify.js'
import RegistryTokenList from '../../../src/commands/registry/token/list.js'
import RegistryTokenResume from '../../../src/commands/registry/token/resume.js'
import RegistryTokenRevoke from '../../../src/commands/registry/token/revoke.js'
import RegistryTokenSuspend from '../../../src/commands/registry/token/suspend.js'
import {operator} from '../../../src/server/store/store.js'
import {config} from '../../support/oclif-config.js'
import {assertFailure, withUsers} from '../../support/operator.js'
import {day, hour, temporaryFolder} from '../../support/world.js'
import {runCommand} from '../../../../../test/support/run-command.js'

async function withTokens(t: TestContext) {
  const {world, run, session} = await withUsers(t)
  const {accessToken: bobsSession} = await world.logIn('bob')
  const tokens = {
    one: await world.createToken(session, {name: 'one'}),
    two: await world.createToken(session, {name: 'two'}),
    bobs: await world.createToken(bobsSession, {name: 'bobs'}),
  }
  const statuses = async () => {
    const values = Object.values(tokens).map(({token}) => world.call('GET', '/auth/whoami', {token}))
    return (await Promise.all(values)).map(({status}) => status)
  }
  return {world, run, session, tokens, statuses}
}

const labels = (stdout: string) =>
  JSON.parse(stdout).tokens.map(({label, status}: {label: string; status: string}) => `${label} ${status}`)

describe('registry token, for the tokens of users', () => {
  it('registry token list: lists the tokens of all users, and filters narrow the list', async (t) => {
    const {world, run, tokens} = await withTokens(t)
    const list = async (...argv: string[]) => labels((await run(RegistryTokenList, [...argv, '--json'])).stdout)
    assert.deepEqual((await list()).sort(), ['bobs active', 'one active', 'two active'])
    assert.deepEqual(await list('--user', 'bob'), ['bobs active'])
    await run(RegistryTokenRevoke, [tokens.one.id])
    assert.deepEqual((await list()).sort(), ['bobs active', 'two active'])
    assert.deepEqual((await list('--ended')).sort(), ['bobs active', 'one revoked', 'two active'])
    world.pass(91 * day)
    assert.deepEqual((await list('--unused', '90d', '--user', 'ada')).sort(), ['two active'])
    assert.deepEqual(await list('--suspended'), [])
    const text = await run(RegistryTokenList, ['--user', 'bob'])
    assert.match(text.stdout, /^bob\tbobs\t\w+\tapkgt_\w{6}\tread,publish\tactive\t\S+\tnever\tnever\t-\n$/)
    assertFailure(await run(RegistryTokenList, ['--user', 'eve', '--json']), 'USER_NOT_FOUND', 1)
  })

  it('registry token suspend: its owner cannot resume the token, and the operator can', async (t) => {
    const {world, run, session, tokens, statuses} = await withTokens(t)
    const {exitCode, stderr} = await run(RegistryTokenSuspend, [tokens.one.id, '--reason', 'abuse'])
    assert.deepEqual([exitCode, stderr], [0, `Suspended: one (${tokens.one.id}) of ada\n`])
    assert.deepEqual(await statuses(), [401, 200, 200])
    const refused = await world.call('POST', `/auth/tokens/${tokens.one.id}/resume`, {token: session})
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'SUSPENSION_NOT_YOURS'])
    assert.deepEqual(labels((await run(RegistryTokenSuspend, [tokens.one.id, '--json'])).stdout), ['one already'])
    const [listed] = JSON.parse((await run(RegistryTokenList, ['--suspended', '--json'])).stdout).tokens
    assert.deepEqual(
      listed.suspensions.map(({by, name, reason}: Record<string, string>) => [by, name, reason]),
      [['operator', '(operator)', 'abuse']],
    )
    assert.equal((await run(RegistryTokenResume, [tokens.one.id])).exitCode, 0)
    assert.deepEqual(await statuses(), [200, 200, 200])
    const [row] = await world.store.audit.latest(1, {action: 'token.suspend'})
    assert.deepEqual([row?.name, row?.detail], ['(operator)', {label: 'one', by: 'operator', reason: 'abuse'}])
  })

  it("registry token resume: leaves the owner's suspension", async (t) => {
    const {world, run, session, tokens, statuses} = await withTokens(t)
    await world.call('POST', `/auth/tokens/${tokens.one.id}/suspend`, {token: session})
    assertFailure(await run(RegistryTokenResume, [tokens.one.id, '--json']), 'TOKEN_NOT_SUSPENDED', 1)
    await run(RegistryTokenSuspend, [tokens.one.id])
    assert.equal((await run(RegistryTokenResume, ['--all', '--yes'])).exitCode, 0)
    assert.deepEqual(await statuses(), [401, 200, 200])
  })

  it('registry token revoke: filters need --yes without a terminal, and --dry-run changes nothing', async (t) => {
    const {world, run, tokens, statuses} = await withTokens(t)
    assertFailure(await run(RegistryTokenRevoke, ['--user', 'ada', '--json']), 'INPUT_MISSING', 2)
    const plan = await run(RegistryTokenRevoke, ['--user', 'ada', '--dry-run', '--json'])
    assert.deepEqual(labels(plan.stdout).sort(), ['one planned', 'two planned'])
    assert.deepEqual(await statuses(), [200, 200, 200])
    const done = await run(RegistryTokenRevoke, ['--user', 'ada', '--yes', '--json'])
    assert.deepEqual(labels(done.stdout).sort(), ['one revoked', 'two revoked'])
    assert.deepEqual(await statuses(), [401, 401, 200])
    assert.deepEqual(labels((await run(RegistryTokenRevoke, [tokens.one.id, '--json'])).stdout), ['one already'])
    const [row] = await world.store.audit.latest(1, {action: 'token.revoke'})
    assert.equal(row?.name, '(operator)')
    assertFailure(await run(RegistryTokenSuspend, [tokens.one.id, '--json']), 'OWNED_TOKEN_OVER', 1)
    const partly = await run(RegistryTokenSuspend, [tokens.bobs.id, tokens.one.id, '--json'])
    assert.deepEqual([partly.exitCode, labels(partly.stdout)], [6, ['bobs suspended', 'one failed']])
    assert.deepEqual(await statuses(), [401, 401, 401])
  })

  it('registry token revoke, suspend: an unknown ID fails, and the other tokens are changed', async (t) => {
    const {run, tokens, statuses} = await withTokens(t)
    for (const [command, done] of [
      [RegistryTokenSuspend, 'Suspended'],
      [RegistryTokenRevoke, 'Revoked'],
    ] as const) {
      const {exitCode, stderr} = await run(command, ['nonsense', tokens.one.id])
      assert.equal(exitCode, 6)
      assert.match(stderr, new RegExp(`^${done}: one \\(\\w+\\) of ada\\nToken not found: nonsense\\n  hint: run `))
    }
    const {tokens: rows} = JSON.parse((await run(RegistryTokenRevoke, ['nonsense', tokens.two.id, '--json'])).stdout)
    assert.deepEqual(
      rows.map(({id, argument, status}: Record<string, string>) => [id ?? argument, status]),
      [
        [tokens.two.id, 'revoked'],
        ['nonsense', 'not-found'],
      ],
    )
    assert.deepEqual(await statuses(), [401, 401, 200])
  })

  it('registry token revoke: unknown IDs alone or a contradictory selection change nothing', async (t) => {
    const {run, tokens, statuses} = await withTokens(t)
    assertFailure(await run(RegistryTokenRevoke, ['nonsense', '--json']), 'OWNED_TOKEN_NOT_FOUND', 1)
    assertFailure(await run(RegistryTokenRevoke, [tokens.one.id, '--all', '--yes', '--json']), 'USAGE', 2)
    assertFailure(await run(RegistryTokenRevoke, ['--json']), 'INPUT_MISSING', 2)
    assertFailure(await run(RegistryTokenSuspend, ['--all', '--reason', 'a\nb', '--json']), 'USAGE', 2)
    assert.deepEqual(await statuses(), [200, 200, 200])
  })

  it('registry token: filters by the address of the last use, and by how tokens ended', async (t) => {
    const {world, run, session, tokens, statuses} = await withTokens(t)
    const {token: short} = await world.createToken(session, {name: 'short', expiresIn: '1h'})
    await world.call('GET', '/auth/whoami', {token: short, from: '198.51.100.7'})
    await world.call('GET', '/auth/whoami', {token: tokens.one.token, from: '203.0.113.9'})
    await run(RegistryTokenRevoke, [tokens.two.id])
    world.pass(2 * hour)
    const list = async (...argv: string[]) => labels((await run(RegistryTokenList, [...argv, '--json'])).stdout)
    assert.deepEqual(await list('--expired'), ['short expired'])
    assert.deepEqual(await list('--revoked'), ['two revoked'])
    assert.deepEqual(await list('--last-used-from', '203.0.113.0/24'), ['one active'])
    assert.deepEqual(await list('--expired', '--last-used-from', '198.51.100.7'), ['short expired'])
    assert.deepEqual(await list('--last-used-from', '192.0.2.1'), [])
    const [listed] = JSON.parse((await run(RegistryTokenList, ['--expired', '--json'])).stdout).tokens
    assert.equal(listed.lastUsedFrom, '198.51.100.7')
    assertFailure(await run(RegistryTokenList, ['--expired', '--revoked', '--json']), 'USAGE', 2)
    assertFailure(await run(RegistryTokenList, ['--last-used-from', 'home', '--json']), 'USAGE', 2)
    const suspended = await run(RegistryTokenSuspend, ['--last-used-from', '203.0.113.9', '--yes', '--json'])
    assert.deepEqual(labels(suspended.stdout), ['one suspended'])
    assert.deepEqual(await statuses(), [401, 401, 200])
  })

  it('registry token suspend: the error for a token that has ended says how', async (t) => {
    const {world, run, session, tokens} = await withTokens(t)
    const {id} = await world.createToken(session, {name: 'short', expiresIn: '1h'})
    await run(RegistryTokenRevoke, [tokens.two.id])
    world.pass(2 * hour)
    for (const [ended, state] of [
      [id, 'expired'],
      [tokens.two.id, 'revoked'],
    ] as const) {
      const {stderr, exitCode} = await run(RegistryTokenSuspend, [ended])
      assert.equal(exitCode, 1)
      assert.match(stderr, new RegExp(`\\b${state}\\b`))
    }
  })

  it('registry token: --org selects the tokens of an organization, and --user only their own', async (t) => {
    const {world, run, session, statuses} = await withTokens(t)
    await world.addOrganization('acme', {ada: 'admin'})
    const {id, token} = await world.createToken(session, {name: 'release', organization: 'acme'})
    const list = async (...argv: string[]) => labels((await run(RegistryTokenList, [...argv, '--json'])).stdout)
    assert.deepEqual(await list('--org', 'acme'), ['release active'])
    assert.deepEqual((await list('--user', 'ada')).sort(), ['one active', 'two active'])
    const text = await run(RegistryTokenList, ['--org', 'acme'])
    assert.match(text.stdout, /^acme \(created by ada\)\trelease\t/)
    const identified = await run(RegistryTokenIdentify, [], {stdin: token})
    assert.match(identified.stdout, /\nOwner {6}acme \(created by ada\)\n/)
    const {stderr} = await run(RegistryTokenSuspend, ['--org', 'acme', '--yes'])
    assert.equal(stderr, `Suspended: release (${id}) of acme (created by ada)\n`)
    assert.deepEqual(await statuses(), [200, 200, 200])
    await run(RegistryTokenResume, ['--user', 'ada', '--yes'])
    assert.deepEqual(await list('--org', 'acme'), ['release suspended'])
    assert.match(
      (await run(RegistryTokenResume, ['--org', 'acme', '--yes'])).stdout,
      /^acme \(created by ada\)\trelease\t/,
    )
    await run(RegistryTokenRevoke, ['--user', 'ada', '--yes'])
    assert.deepEqual(await statuses(), [401, 401, 200])
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    assertFailure(await run(RegistryTokenList, ['--org', 'nobody', '--json']), 'ORG_NOT_FOUND', 1)
    assertFailure(await run(RegistryTokenList, ['--org', 'acme', '--user', 'ada', '--json']), 'USAGE', 2)
  })

  it('registry token identify: names the token and its owner, and never prints the value', async (t) => {
    const {world, run, session, tokens} = await withTokens(t)
    const identify = async (value: string) => {
      const outcome = await run(RegistryTokenIdentify, ['--json'], {stdin: `${value}\n`})
      assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(value.slice(12)))
      return outcome
    }
    const factsOf = async (value: string) => {
      const {label, user, status, value: state} = JSON.parse((await identify(value)).stdout).token
      return [label, user, status, state]
    }
    assert.deepEqual(await factsOf(tokens.bobs.token), ['bobs', 'bob', 'active', 'current'])
    const rotated = await world.call('POST', `/auth/tokens/${tokens.one.id}/rotate`, {
      token: session,
      body: {grace: '1h'},
    })
    assert.equal((await world.call('GET', '/auth/whoami', {token: rotated.body.token})).status, 200)
    assert.deepEqual(await factsOf(tokens.one.token), ['one', 'ada', 'active', 'replaced'])
    assert.deepEqual(await factsOf(rotated.body.token), ['one', 'ada', 'active', 'current'])
    await run(RegistryTokenRevoke, [tokens.two.id])
    assert.deepEqual(await factsOf(tokens.two.token), ['two', 'ada', 'revoked', 'current'])
    assertFailure(await identify('apkgt_nonsense'), 'USAGE', 2)
    const text = await run(RegistryTokenIdentify, [], {stdin: tokens.bobs.token})
    assert.match(text.stdout, /^Token {6}bobs \(\w+\)\nOwner {6}bob\nStatus {5}active\nValue {6}current\n/)
  })

  it('registry token create: prints only the value to stdout, and the token belongs to the user', async (t) => {
    const {world, run} = await withTokens(t)
    const argv = ['--user', 'bob', '--label', 'ci', '--scopes', 'publish', '--expires', '30d', '--package', '@bob/*']
    const {stdout, stderr, exitCode} = await run(RegistryTokenCreate, argv)
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /^apkgt_\w{38}\n$/)
    assert.match(stderr, /^Created token ci \(\w+\) of bob\n$/)
    const {body} = await world.call('GET', '/auth/whoami', {token: stdout.trim()})
    assert.deepEqual([body.username, body.credential.packagePatterns], ['bob', ['@bob/*']])
    const [row] = await world.store.audit.latest(1, {action: 'token.create'})
    assert.equal(row?.name, '(operator)')
    await world.store.policy.set({maxTokenLifetime: '90d'}, operator, world.now())
    const limited = await run(RegistryTokenCreate, ['--user', 'bob', '--label', 'limited'])
    const end = new Date(world.now() + 90 * day).toISOString()
    assert.equal(
      limited.stderr.split('\n')[1],
      `It expires at ${end}, because of this registry's policy. Use --expires to choose another lifetime.`,
    )
    const shown = await run(RegistryTokenCreate, ['--user', 'bob', '--label', 'shown'], {terminal: true})
    assert.match(shown.stderr, /Copy the token now/)
    assertFailure(await run(RegistryTokenCreate, [...argv, '--json']), 'LABEL_TAKEN', 3)
    const taken = await run(RegistryTokenCreate, argv)
    const [{id, createdBy, user}] = JSON.parse(
      (await run(RegistryTokenList, ['--user', 'bob', '--json'])).stdout,
    ).tokens.filter(({label}: {label: string}) => label === 'ci')
    assert.match(taken.stderr, new RegExp(`already has a token with the label "ci": ${id}\\n`))
    assert.match(taken.stderr, new RegExp(`\`apkg registry token revoke ${id} --data `))
    assert.deepEqual([createdBy, user], ['(operator)', 'bob'])
    assertFailure(await run(RegistryTokenCreate, ['--user', 'bob', '--label', '-x', '--json']), 'USAGE', 2)
    const badLabel = await run(RegistryTokenCreate, ['--user', 'bob', '--label', 'x'.repeat(200)])
    assert.match(badLabel.stderr, /Error: The label must/)
    const release = await run(RegistryTokenCreate, ['--user', 'bob', '--label', 'x', '--package', '@bob/a@1.0.0'])
    assert.match(release.stderr, /Error: --package must be a package name/)
    const unknown = await run(RegistryTokenCreate, ['--user', 'bob', '--label', 'x', '--scopes', 'write', '--json'])
    assertFailure(unknown, 'USAGE', 2)
    const tooLong = ['--user', 'bob', '--label', 'long', '--expires', '1y']
    assertFailure(await run(RegistryTokenCreate, [...tooLong, '--json']), 'LIFETIME_TOO_LONG', 3)
    assert.match((await run(RegistryTokenCreate, tooLong)).stderr, /must be at most 90d/)
    const original = ['--user', 'bob', '--label', 'original', '--scopes', 'ci', '--package-scope', '@bob/a,@bob/b']
    const {scopes, packages} = JSON.parse((await run(RegistryTokenCreate, [...original, '--json'])).stdout)
    assert.deepEqual([scopes, packages], [['ci'], ['@bob/a', '@bob/b']])
    assertFailure(await run(RegistryTokenCreate, ['--user', 'eve', '--label', 'x', '--json']), 'USER_NOT_FOUND', 1)
  })

  it('registry token list, identify: --json has the restrictions of a token and its last use', async (t) => {
    const {world, run} = await withTokens(t)
    const session = (await world.logIn('bob')).accessToken
    const release = {version: '1.2.3', integrity: `sha256-${Buffer.alloc(32).toString('base64')}`, tag: 'latest'}
    const limits = {addresses: ['127.0.0.0/8'], uses: 3, packageScope: '@bob/tool', release}
    const scopes = ['publish:new', 'publish:update', 'tag']
    const {id, token} = await world.createToken(session, {name: 'narrow', scopes, ...limits})
    await world.call('GET', '/auth/whoami', {token})
    const {tokens} = JSON.parse((await run(RegistryTokenList, ['--user', 'bob', '--json'])).stdout)
    const listed = tokens.find((each: {id: string}) => each.id === id)
    const expected = {
      ...{addresses: ['127.0.0.0/8'], uses: 3, usesLeft: 3, release, createdBy: 'bob', valueEndedAt: null},
      lastUse: {address: '127.0.0.1', agent: listed.lastUse.agent, action: 'whoami', package: null, refused: false},
    }
    assert.deepEqual({...listed, ...expected}, listed)
    const identified = JSON.parse((await run(RegistryTokenIdentify, ['--json'], {stdin: token})).stdout).token
    assert.deepEqual({...identified, ...expected}, identified)
  })

  it('registry token create: --out and a command after `--` get the value, and stdout stays empty', async (t) => {
    const {world, run} = await withTokens(t)
    const folder = temporaryFolder(t)
    const file = path.join(folder, 'token')
    const create = (label: string, ...more: string[]) =>
      run(RegistryTokenCreate, ['--user', label === 'eves' ? 'eve' : 'bob', '--label', label, '--json', ...more], {
        cwd: folder,
      })
    const labelOf = async () => {
      const {body} = await world.call('GET', '/auth/whoami', {token: (await readFile(file, 'utf8')).trim()})
      return body.credential?.label
    }
    const {token, ...written} = JSON.parse((await create('one-file', '--out', 'token')).stdout)
    assert.deepEqual([token, written.label, written.file], [undefined, 'one-file', file])
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.equal(await labelOf(), 'one-file')
    assertFailure(await create('kept', '--out', 'token'), 'OUT_FILE_EXISTS', 1)
    assertFailure(await create('kept', '--out', path.join(folder, 'none', 'token')), 'OUT_FILE_UNUSABLE', 1)
    assertFailure(await create('eves', '--out', 'token', '--force'), 'USER_NOT_FOUND', 1)
    assert.equal(await labelOf(), 'one-file')
    const text = await run(RegistryTokenCreate, ['--user', 'bob', '--label', 'two-file', '--out', file, '--force'])
    assert.match(text.stderr, /^Created token two-file \(\w+\) of bob\nWrote the token to .*\n$/)
    assert.deepEqual([text.stdout, await labelOf()], ['', 'two-file'])
    assert.deepEqual(await readdir(folder), ['token'])
  })

  it('registry token create: a command that fails, or a closed stdout, revokes the token', async (t) => {
    const {world} = await withTokens(t)
    const create = (argv: string[], more: object = {}) =>
      runCommand(RegistryTokenCreate, ['--user', 'bob', '--data', world.folder, ...argv], config, {
        ...{home: world.folder, now: new Date(world.now()), env: {...process.env, APKG_TOKEN: 'secret'}},
        ...more,
      })
    const script = 'cat > value; test -z "$APKG_TOKEN"'
    const passed = await create(['--label', 'passed', '--json', '--', 'sh', '-c', script])
    assert.deepEqual(JSON.parse(passed.stdout).delivered, {command: 'sh', exitCode: 0})
    const value = await readFile(path.join(world.folder, 'value'), 'utf8')
    assert.equal((await world.call('GET', '/auth/whoami', {token: value})).body.credential.label, 'passed')
    const failed = await create(['--label', 'failed', '--json', '--', 'sh', '-c', 'cat > value; exit 3'])
    assertFailure(failed, 'TOKEN_UNDELIVERED', 1)
    const dropped = await readFile(path.join(world.folder, 'value'), 'utf8')
    assert.equal((await world.call('GET', '/auth/whoami', {token: dropped})).status, 401)
    assertFailure(await create(['--label', 'none', '--json', '--', 'no-such-program']), 'PROGRAM_NOT_FOUND', 1)
    const lost = await create(['--label', 'lost'], {stdoutFails: 'ENOSPC'})
    assert.match(lost.stderr, /ENOSPC|No space/i)
    const {stdout} = await runCommand(RegistryTokenList, ['--ended', '--json', '--data', world.folder], config, {
      ...{home: world.folder, now: new Date(world.now())},
    })
    const expected = ['bobs active', 'failed revoked', 'lost revoked', 'one active', 'passed active', 'two active']
    assert.deepEqual(labels(stdout).sort(), expected)
  })
})
