import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readFile, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import type {Token as TokenDetails} from '../../../src/account/token/token.js'
import Login from '../../../src/commands/login.js'
import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import TokenShow from '../../../src/commands/token/show.js'
import TokenSuspend from '../../../src/commands/token/suspend.js'
import Whoami from '../../../src/commands/whoami.js'
import {errorOf, failureOf, startSession} from '../../support/command.js'
import {type Answer, hangUp, json, startHostileRegistry} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {password} from '../../support/registry.js'
import {runCommand} from '../../support/run-command.js'
import {scrub} from '../../support/scrub.js'
import {tempFolder} from '../../support/temp-folder.js'

const release = {version: '1.2.3', integrity: 'sha256-a', tag: 'latest'}

const day = 86_400_000

const withPath = {env: {PATH: process.env['PATH']}}

/** Ada is logged in, and has a token with the label `ci`. */
async function withToken(t: TestContext, ...flags: string[]) {
  const world = await startSession(t)
  const old = (await world.run(TokenCreate, ['--label', 'ci', ...flags])).stdout.trim()
  const works = async (value: string) => (await world.run(Whoami, [], {env: {APKG_TOKEN: value}})).exitCode === 0
  return {...world, old, works}
}

/** A home directory where the token is stored by `apkg login --with-token`. */
async function storedToken({run}: Pick<Awaited<ReturnType<typeof withToken>>, 'run'>, value: string) {
  const home = await mkdtemp(path.join(tmpdir(), 'apkg-rotate-'))
  const {exitCode, stderr} = await run(Login, ['--with-token'], {stdin: value, home})
  assert.equal(exitCode, 0, stderr)
  const file = path.join(home, '.apkg/credentials.json')
  const stored = async () => (JSON.parse(await readFile(file, 'utf8')) as {accessToken: string}).accessToken
  return {home, file, stored}
}

/** A file with a token, as `APKG_TOKEN_FILE` names it. */
async function tokenFile(t: TestContext) {
  const home = await tempFolder(t)
  const file = path.join(home, 'token')
  const value = 'apkg_0123456789abcdef\n'
  await writeFile(file, value, {mode: 0o600})
  return {home, file, value}
}

/** The ID of the token with the label `ci`. */
async function idOf(run: Awaited<ReturnType<typeof withToken>>['run']): Promise<string> {
  const {tokens} = JSON.parse((await run(TokenList, ['--json'])).stdout) as {tokens: {id: string}[]}
  return tokens.map(({id}) => id).join()
}

/** The arguments of a command in a hint. */
function commandIn(text: string, command: string): string[] {
  const [, argv = ''] = new RegExp(`\`apkg ${command} ([^\`]*)\``).exec(text) ?? []
  return argv.split(' ')
}

describe('token rotate', () => {
  it('token rotate: asks to confirm the password if the login is too old', async (t) => {
    const {run, registry} = await startSession(t)
    assert.equal((await run(TokenCreate, ['--label', 'ci'])).exitCode, 0)
    registry.clock.advance(10 * 60_000 + 1)
    const refused = await run(TokenRotate, ['ci', '--json'])
    assert.deepEqual([refused.exitCode, failureOf(refused).code], [4, 'CONFIRMATION_REQUIRED'])
    const {stdout, exitCode} = await run(TokenRotate, ['ci', '--password-stdin'], {stdin: password})
    assert.match(stdout, /^apkgt_/)
    assert.equal(exitCode, 0)
  })

  it('token rotate: prints only the new value to stdout, and the old one works for another 24 hours', async (t) => {
    const {run, registry, old, works} = await withToken(t, '--expires', '30d')
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['ci'])
    assert.match(stdout, /^apkgt_[0-9A-Za-z]{38}\n$/)
    assert.equal(
      scrub(stderr.replaceAll(stdout.slice(0, 12), '<prefix>'), registry.url),
      `Rotated token ci
  id        <id>
  registry  <registry>
  prefix    <prefix>
  expires   <time>
The old value works for another 24h.
`,
    )
    assert.equal(exitCode, 0)
    registry.clock.advance(day - 1000)
    assert.ok(await works(old))
    registry.clock.advance(1000)
    assert.equal(await works(old), false)
    assert.ok(await works(stdout.trim()))
  })

  it('token rotate: warns that a second rotation ends the value that the first one replaced', async (t) => {
    const {run, registry, old, works} = await withToken(t)
    const first = await run(TokenRotate, ['ci'])
    assert.doesNotMatch(first.stderr, /no longer works/)
    assert.ok(await works(old))
    registry.clock.advance(60_000)
    const second = await run(TokenRotate, ['ci'])
    assert.match(second.stderr, /^Warning: ci was also rotated at .+\. The value before that one no longer works/m)
    assert.deepEqual(
      [await works(old), await works(first.stdout.trim()), await works(second.stdout.trim())],
      [false, true, true],
    )
    registry.clock.advance(2 * day)
    assert.doesNotMatch((await run(TokenRotate, ['ci', '--password-stdin'], {stdin: password})).stderr, /also rotated/)
  })

  it('token rotate: says when the old value expires if that is before the end of the grace period', async (t) => {
    const {run, registry} = await withToken(t, '--expires', '1h')
    const end = new Date(registry.clock.now.getTime() + 3_600_000).toISOString()
    assert.match((await run(TokenRotate, ['ci'])).stderr, new RegExp(`\nThe old value expires at ${end}\\.\n$`))
    const shown = await run(TokenRotate, ['ci'], {terminal: true})
    assert.match(shown.stderr, /\n {2,}expires {3}in \d+ minutes\n/)
    assert.match(shown.stderr, /\nThe old value expires in \d+ minutes\.\n/)
    assert.match((await run(TokenRotate, ['ci', '--grace', '0'])).stderr, /\nThe old value no longer works\.\n$/)
  })

  it('token rotate: --json prints the token with its details', async (t) => {
    const {run, registry} = await withToken(t, '--scopes', 'read', '--package', '@acme/*')
    const {stdout} = await run(TokenRotate, ['ci', '--grace', '1h', '--json'])
    const result = JSON.parse(stdout) as Record<string, unknown>
    const {token, prefix, label, scopes, packages, rotatedAt, grace} = result
    assert.deepEqual([label, scopes, packages, grace], ['ci', ['read'], ['@acme/*'], '1h'])
    assert.equal(prefix, String(token).slice(0, 12))
    assert.equal(rotatedAt, registry.clock.now.toISOString())
  })

  it('token rotate: a token that is limited to other addresses keeps its limits, and its old value works until the new one is used there', async (t) => {
    const {run} = await withToken(t, '--ip', '203.0.113.7')
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['ci', '--json'])
    const {addresses} = JSON.parse(stdout) as {addresses: string[]}
    assert.deepEqual([addresses, exitCode], [['203.0.113.7/32'], 0])
    assert.match(
      stderr,
      /\nThe token can't be used from this machine's address\. The old value works until the new one is first used, and for 24h after that\.\n$/,
    )
    assert.doesNotMatch(stderr, /Warning/)
  })

  it('token rotate --out: replaces a file, and prints nothing on stdout', async (t) => {
    const {run, old, works, home} = await withToken(t)
    const file = path.join(home, 'token')
    await writeFile(file, `${old}\n`)
    const kept = await run(TokenRotate, ['ci', '--out', file, '--json'])
    assert.equal(failureOf(kept).code, 'OUT_FILE_EXISTS')
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['ci', '--out', file, '--force'])
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.match(stderr, /Wrote the token to .*token\.\nThe old value works for another 24h\.\n$/)
    const value = (await readFile(file, 'utf8')).trim()
    assert.notEqual(value, old)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.ok(await works(value))
  })

  it('token rotate -- <command>: passes the new value on stdin', async (t) => {
    const {run, home, works} = await withToken(t)
    const file = path.join(home, 'secret')
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['ci', '--', 'sh', '-c', `cat > ${file}`], withPath)
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.match(stderr, /Passed the token to `sh`\./)
    assert.ok(await works(await readFile(file, 'utf8')))
  })

  it('token rotate -- <command>: if the command fails, the new value is dropped and the old one keeps working', async (t) => {
    const {run, home, registry, old, works} = await withToken(t)
    const file = path.join(home, 'secret')
    const failing = ['ci', '--json', '--', 'sh', '-c', `cat > ${file}; exit 3`]
    const outcome = {...(await run(TokenRotate, failing, withPath)), stderr: ''}
    const failed = errorOf(outcome)
    assert.deepEqual(
      [failed.code, failed.message, outcome.exitCode],
      ['ROTATION_UNDELIVERED', '`sh` exited with code 3. The old value of the token "ci" still works', 1],
    )
    const again = `\`apkg token rotate --registry ${registry.url} ${await idOf(run)}\``
    assert.deepEqual(failed.suggestions, [`once the new value can be delivered, rotate the token again: ${again}`])
    assert.equal(await works(await readFile(file, 'utf8')), false)
    registry.clock.advance(30 * day)
    assert.ok(await works(old))
  })

  it('token rotate --current: a value that was rotated before is refused, and the hint gives the token another one', async (t) => {
    const {run, old} = await withToken(t, '--scopes', 'admin')
    await run(TokenRotate, ['ci'])
    const env = {APKG_TOKEN: old}
    const {stderr, exitCode} = await run(TokenRotate, ['--current'], {env})
    assert.equal(exitCode, 3)
    assert.match(stderr, new RegExp(`hint: use the new value\\n {2}hint: .*\`apkg token rotate ${await idOf(run)}\``))
    const managing = await run(TokenList, [], {env})
    assert.deepEqual([managing.exitCode, /was rotated\. Until .*Use its new value/.test(managing.stderr)], [3, true])
    assert.match(managing.stderr, /hint: set APKG_TOKEN to the new value of the token/)
  })

  it('token rotate --grace 0: ends the old value, and if the new one is not delivered, both', async (t) => {
    const {run, registry, old, works} = await withToken(t)
    const {stdout, stderr} = await run(TokenRotate, ['ci', '--grace', '0'])
    assert.match(stderr, /The old value no longer works\.\n$/)
    assert.deepEqual([await works(old), await works(stdout.trim())], [false, true])
    const failing = await run(TokenRotate, ['ci', '--grace', '0', '--', 'false'], withPath)
    assert.match(
      failing.stderr,
      /^Error: `false` exited with code 1\. The old value of the token "ci" no longer works either, so the token has no working value\n {2}hint: rotate the token again, while you are logged in: `apkg token rotate --registry http.* \w+`\n$/,
    )
    assert.equal(await works(stdout.trim()), false)
    const again = await run(TokenRotate, commandIn(failing.stderr, 'token rotate'))
    assert.ok(await works(again.stdout.trim()), again.stderr)
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token rotate: for a suspended token, the hint resumes it; for a spent one, it creates another', async (t) => {
    const {run, registry} = await withToken(t)
    await run(TokenSuspend, ['ci'])
    const suspended = errorOf(await run(TokenRotate, ['ci', '--json']))
    assert.deepEqual([suspended.code, suspended.reason], ['REFUSED', 'TOKEN_NOT_ACTIVE'])
    assert.match(suspended.suggestions[0] ?? '', /^run `apkg token resume \w{16} --registry http.*`, then rotate it$/)
    await run(TokenCreate, ['--label', 'short', '--expires', '1h'])
    const {tokens} = JSON.parse((await run(TokenList, ['--json'])).stdout) as {tokens: {id: string; label: string}[]}
    registry.clock.advance(2 * 3_600_000)
    await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
    const id = tokens.find(({label}) => label === 'short')?.id ?? ''
    const expired = errorOf(await run(TokenRotate, [id, '--json']))
    assert.equal(expired.reason, 'TOKEN_NOT_ACTIVE')
    assert.match(expired.suggestions[0] ?? '', /^create another token with `apkg token create /)
  })

  it('token rotate: after --grace 0 without delivery, no output says that the old value works', async (t) => {
    const {run, old} = await withToken(t)
    await run(TokenRotate, ['ci', '--grace', '0', '--', 'false'], withPath)
    const listed = (await run(TokenList, [])).stdout.split('\t')
    assert.deepEqual([listed[2], listed[8]], ['-', 'active'])
    const {stderr: warning} = await run(TokenList, [])
    assert.match(
      warning,
      /^Warning: This token has no working value: "ci"\. To give it one, run `apkg token rotate .*`\.\n$/,
    )
    const {stdout} = await run(TokenShow, ['ci'])
    assert.match(stdout, /\nStatus {5}active\n/)
    assert.match(stdout, new RegExp(`\\nValue {6}${old.slice(0, 12)}\\.\\.\\., ended 20.*run \`apkg token rotate `))
    const {status, valueEndedAt} = JSON.parse((await run(TokenShow, ['ci', '--json'])).stdout) as TokenDetails
    assert.deepEqual([status, typeof valueEndedAt], ['active', 'string'])

    const failing = await run(TokenRotate, ['ci', '--', 'false'], withPath)
    assert.match(failing.stderr, /The old value of the token "ci" no longer works either/)
    const {stderr, exitCode} = await run(TokenRotate, ['ci'])
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /\nThe old value no longer works\.\n$/)
    const restored = JSON.parse((await run(TokenShow, ['ci', '--json'])).stdout) as TokenDetails
    assert.equal(restored.valueEndedAt, null)
  })

  it('token rotate --current: replaces the stored token and prints nothing on stdout', async (t) => {
    const world = await withToken(t, '--scopes', 'admin')
    const {run, registry, old, works} = world
    const {home, stored} = await storedToken(world, old)
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['--current'], {home})
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.match(
      stderr,
      /Stored the new value in ~\/\.apkg\/credentials\.json\.\nThe old value works for another 24h\.\n$/,
    )
    const value = await stored()
    assert.notEqual(value, old)
    registry.clock.advance(day)
    assert.deepEqual([await works(old), await works(value)], [false, true])
    const {storedIn, token} = JSON.parse((await run(TokenRotate, ['--current', '--json'], {home})).stdout) as Record<
      string,
      unknown
    >
    assert.deepEqual([storedIn, token], ['~/.apkg/credentials.json', undefined])
  })

  it('token rotate: a stored token that is named by its label is replaced too', async (t) => {
    const world = await withToken(t, '--scopes', 'admin')
    const {home, stored} = await storedToken(world, world.old)
    assert.equal((await world.run(TokenRotate, ['ci'], {home})).stdout, '')
    assert.notEqual(await stored(), world.old)
  })

  it('token rotate --current: concurrent rotations leave a stored value that works', async (t) => {
    const world = await withToken(t, '--scopes', 'admin')
    const {run, works, registry} = world
    const {home, stored} = await storedToken(world, world.old)
    const outcomes = await Promise.all([1, 2, 3].map(() => run(TokenRotate, ['--current'], {home})))
    assert.deepEqual(
      outcomes.map(({exitCode}) => exitCode),
      [0, 0, 0],
    )
    registry.clock.advance(2 * day)
    assert.ok(await works(await stored()))
  })

  it('token rotate --current: if another rotation finishes first, the old value is kept, and the error says why', async (t) => {
    const world = await withToken(t, '--scopes', 'admin')
    const {run, registry, old, works} = world
    const {home, stored} = await storedToken(world, old)
    const rotate = registry.store.tokens.rotate.bind(registry.store.tokens)
    registry.store.tokens.rotate = async (request, ...rest) => {
      const rotated = await rotate(request, ...rest)
      const value = {id: 'another', hash: new Uint8Array(32), prefix: 'apkgt_000000'}
      await rotate({...request, value}, ...rest)
      return rotated
    }
    const outcome = await run(TokenRotate, ['--current', '--json'], {home})
    const {code, suggestions} = errorOf(outcome)
    assert.deepEqual([code, outcome.exitCode], ['ROTATION_REPLACED', 3])
    const place = `--registry ${registry.url} ${await idOf(run)}`
    assert.deepEqual(suggestions, [
      'make sure that only one machine rotates this token',
      `where you are logged in, see who rotated it: \`apkg token log ${place}\``,
      `if someone else has its value, revoke it: \`apkg token revoke ${place}\``,
    ])
    assert.equal(await stored(), old)
    assert.ok(await works(old))
  })

  it('token rotate --current: the value of APKG_TOKEN goes to stdout', async (t) => {
    const {run, old, works} = await withToken(t, '--scopes', 'admin')
    const {stdout} = await run(TokenRotate, ['--current'], {env: {APKG_TOKEN: old}})
    assert.ok(await works(stdout.trim()))
  })

  it('token rotate --current: the value of APKG_TOKEN__<HOST> goes to stdout', async (t) => {
    const {run, registry, old, works} = await withToken(t, '--scopes', 'admin')
    const env = {[`APKG_TOKEN__127_0_0_1_${new URL(registry.url).port}`]: old}
    const {stdout} = await run(TokenRotate, ['--current'], {env})
    assert.ok(await works(stdout.trim()))
  })

  it('token rotate --current: replaces the value in APKG_TOKEN_FILE and prints nothing on stdout', async (t) => {
    const {run, home, old, works} = await withToken(t, '--scopes', 'token:rotate')
    const file = path.join(home, 'token')
    await writeFile(file, old, {mode: 0o600})
    const env = {APKG_TOKEN_FILE: file}
    const {stdout, stderr, exitCode} = await run(TokenRotate, ['--current'], {env})
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.ok(stderr.endsWith(`Stored the new value in ${file}.\nThe old value works for another 24h.\n`), stderr)
    const value = (await readFile(file, 'utf8')).trim()
    assert.notEqual(value, old)
    assert.ok(await works(value))
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const {storedIn, token} = JSON.parse((await run(TokenRotate, ['--current', '--json'], {env})).stdout) as {
      storedIn: string
      token: undefined
    }
    assert.deepEqual([storedIn, token], [file, undefined])
    const elsewhere = await run(TokenRotate, ['--current', '--out', path.join(home, 'other'), '--json'], {env})
    assert.deepEqual([elsewhere.exitCode, failureOf(elsewhere).code], [2, 'USAGE'])
  })

  it('token rotate --current: nothing is rotated if the file or its directory cannot be replaced', async (t) => {
    const {run, registry, home, old, works} = await withToken(t, '--scopes', 'token:rotate')
    const file = path.join(home, 'token')
    await writeFile(file, old, {mode: 0o600})
    await mkdir(path.join(home, '.token.apkg-tmp/full'), {recursive: true})
    const refused = await run(TokenRotate, ['--current', '--json'], {env: {APKG_TOKEN_FILE: file}})
    assert.deepEqual([refused.exitCode, failureOf(refused).code], [1, 'FILE_UNWRITABLE'])
    assert.ok(!registry.requests.some((each) => each.includes('rotate')))
    assert.equal(await readFile(file, 'utf8'), old)
    assert.ok(await works(old))
  })

  it('token rotate --current: a replaced value is refused, and the error says when it ends', async (t) => {
    const {run, old} = await withToken(t, '--scopes', 'admin')
    const env = {APKG_TOKEN: old}
    assert.equal((await run(TokenRotate, ['--current'], {env})).exitCode, 0)
    const {code, message, exitCode} = failureOf(await run(TokenRotate, ['--current', '--json'], {env}))
    assert.deepEqual([code, exitCode], ['REFUSED', 3])
    assert.match(message, /The value of this request works until /)
  })

  it('token rotate --current: a session is refused', async (t) => {
    const {run} = await withToken(t)
    const {code, exitCode} = failureOf(await run(TokenRotate, ['--current', '--json']))
    assert.deepEqual([code, exitCode], ['CURRENT_NOT_A_TOKEN', 3])
  })

  for (const [title, argv, message] of [
    ['no token', [], 'No token to rotate was given'],
    ['a token and --current', ['ci', '--current'], '--current cannot be combined with another token'],
    ['--current with --grace 0', ['--current', '--grace', '0'], '--grace 0 cannot be combined with --current'],
    ['a grace period of 8 days', ['ci', '--grace', '8d'], '`8d` is not a valid grace period'],
    ['an invalid lifetime', ['ci', '--expires', 'soon'], '`soon` is not a valid lifetime'],
  ] as const) {
    it(`token rotate: ${title} is a usage error, and nothing is sent`, async (t) => {
      const {run, registry} = await startSession(t)
      const before = registry.requests.length
      const failed = failureOf(await run(TokenRotate, [...argv, '--json']))
      assert.equal(failed.exitCode, 2)
      assert.ok(failed.message.includes(message), failed.message)
      assert.equal(registry.requests.length, before)
    })
  }

  it('token rotate: a token value as an argument is neither sent nor printed', async (t) => {
    const {run, registry, old} = await withToken(t)
    const before = registry.requests.length
    const {stdout, stderr, exitCode} = await run(TokenRotate, [old])
    assert.equal(exitCode, 2)
    assert.ok(!`${stdout}${stderr}`.includes(old))
    assert.equal(registry.requests.length, before)
  })

  it('token rotate: an unknown label, and one that matches several tokens, change nothing', async (t) => {
    const {run, old, works} = await withToken(t)
    assert.deepEqual(failureOf(await run(TokenRotate, ['nonesuch', '--json'])).code, 'TOKEN_NOT_FOUND')
    assert.ok(await works(old))
  })

  const user = {username: 'ada', email: 'ada@example.com', credential: {kind: 'session', id: 's1'}}
  const listed = {
    ...{id: '7k3f9q2m', name: 'ci', scopes: ['read'], expiresIn: '1d', prefix: 'apkg_old0000'},
    ...{createdAt: '2027-01-30T10:00:00.000Z', expiresAt: '2027-01-31T10:00:00.000Z'},
  }
  const other = {
    'GET /auth/whoami': json(200, user),
    'GET /auth/tokens': json(200, {tokens: [listed]}),
  }
  const rotation = 'POST /auth/tokens/7k3f9q2m/rotate'
  const drop = 'DELETE /auth/tokens/7k3f9q2m/rotation?prefix=apkg_new0000'
  const env = (url: string) => ({home: '/nowhere', env: {APKG_REGISTRY: url, APKG_TOKEN: 'apkg_0123456789abcdef'}})

  it('token rotate: if the registry cannot rotate tokens, the error says what works instead', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer(other)
    const outcome = await runCommand(TokenRotate, ['ci'], config, env(registry.url))
    assert.equal(outcome.exitCode, 1)
    assert.equal(
      outcome.stderr,
      `Error: Cannot rotate an API token: ${registry.url} does not support it
  hint: create another token with \`apkg token create\` and store it, then revoke this one with \`apkg token revoke\`
`,
    )
  })

  it('token rotate: finds the token that has not expired by the clock of the command', async (t) => {
    const registry = await startHostileRegistry(t)
    const expired = {...listed, id: '00000000', expiresAt: '2027-01-30T11:00:00.000Z'}
    registry.answer({...other, 'GET /auth/tokens': json(200, {tokens: [expired, listed]})})
    const world = {...env(registry.url), now: new Date('2027-01-30T12:00:00.000Z')}
    await runCommand(TokenRotate, ['ci'], config, world)
    assert.equal(registry.routes.at(-1), rotation)
  })

  for (const [title, change, difference] of [
    ['more scopes', {scopes: ['read', 'admin']}, 'it has extra scopes: admin'],
    ['no expiry', {expiresIn: 'never', expiresAt: '9999-12-31T00:00:00.000Z'}, 'it never expires'],
    ['a longer lifetime', {expiresAt: '2027-02-02T10:00:00.000Z'}, 'it expires later, at 2027-02-02T10:00:00.000Z'],
    ['another ID', {id: '0000000000000000'}, 'it has another ID'],
    ['wider packages', {packagePatterns: ['@ada/*']}, 'it can also access @ada/*'],
    ['more packages', {packageScope: '@ada/tool,@ada/x'}, 'it can also access @ada/x'],
    ['every package', {packagePatterns: []}, 'it can access every package'],
    ['no packages that it names', {packagePatterns: undefined, packageScope: undefined}, 'it can access every package'],
    ['another holder', {organization: 'acme'}, 'it belongs to the organization acme, not to you'],
    ['no limit to addresses', {addresses: undefined}, 'it can be used from any address'],
    ['a limit that is not a list', {addresses: 'nowhere'}, 'it can be used from any address'],
    ['more uses left', {usesLeft: 3}, 'it can make more changes: 5'],
    ['any number of uses', {uses: undefined}, 'the number of its changes is not limited'],
    ['another release', {release: {...release, version: '1.2.4'}}, 'it can publish another release: version 1.2.4'],
    ['no release', {release: undefined}, 'it can publish any version'],
    ['more addresses', {addresses: ['203.0.113.0/24', '0.0.0.0/0']}, 'it can also be used from 0.0.0.0/0'],
  ] as const) {
    it(`token rotate: a rotated token with ${title} is refused, and its new value is dropped`, async (t) => {
      const registry = await startHostileRegistry(t)
      const limited = {
        ...{...listed, addresses: ['203.0.113.0/24'], uses: 5, usesLeft: 2, release},
        ...{packagePatterns: ['@ada/tool'], packageScope: '@ada/tool'},
      }
      const made = {
        ...{...limited, prefix: 'apkg_new0000', token: 'apkg_new0000000000000000'},
        ...{rotatedAt: '2027-01-31T09:00:00.000Z', expiresAt: '2027-02-01T09:00:00.000Z'},
        ...change,
      }
      const dropped = drop.replace('7k3f9q2m', made.id)
      const gone: Answer = (response) => {
        response.writeHead(204).end()
      }
      registry.answer({
        'GET /auth/whoami': json(200, user),
        'GET /auth/tokens': json(200, {tokens: [limited]}),
        ...{[rotation]: json(200, made), [dropped]: gone},
      })
      const outcome = await runCommand(TokenRotate, ['ci'], config, env(registry.url))
      assert.deepEqual([outcome.stdout, outcome.exitCode], ['', 3])
      assert.ok(outcome.stderr.includes(difference), outcome.stderr)
      assert.ok(outcome.stderr.includes(`. The new value was dropped, and the old one is unchanged`))
      assert.equal(registry.routes.at(-1), dropped)
      assert.doesNotMatch(outcome.stderr, /apkg_new/)

      registry.answer({
        'GET /auth/whoami': json(200, user),
        'GET /auth/tokens': json(200, {tokens: [limited]}),
        ...{[rotation]: json(200, made), [dropped]: hangUp},
      })
      const kept = errorOf(await runCommand(TokenRotate, ['ci', '--json'], config, env(registry.url)))
      assert.equal(kept.code, 'ROTATION_WIDER')
      assert.match(kept.message, /\. The new value could not be dropped$/)
      const revoke = `revoke the token "ci": \`apkg token revoke --registry ${registry.url} 7k3f9q2m\``
      assert.deepEqual(kept.suggestions, [revoke, 'tell the registry operator about the token "ci"'])
    })
  }

  for (const [title, organization, difference] of [
    ['another organization', 'initech', 'it belongs to the organization initech, not to acme'],
    ['a user', undefined, 'it belongs to a user, not to acme'],
  ] as const) {
    it(`token rotate --org: a rotated token of ${title} is refused, and its new value is dropped`, async (t) => {
      const registry = await startHostileRegistry(t)
      const before = {...listed, organization: 'acme'}
      const made = {
        ...{...listed, organization, prefix: 'apkg_new0000', token: 'apkg_new0000000000000000'},
        ...{rotatedAt: '2027-01-31T09:00:00.000Z', expiresAt: '2027-02-01T09:00:00.000Z'},
      }
      const gone: Answer = (response) => {
        response.writeHead(204).end()
      }
      registry.answer({
        'GET /auth/whoami': json(200, user),
        'GET /auth/tokens?organization=acme': json(200, {tokens: [before], organization: 'acme'}),
        ...{[rotation]: json(200, made), [drop]: gone},
      })
      const outcome = await runCommand(TokenRotate, ['ci', '--org', 'acme'], config, env(registry.url))
      assert.deepEqual([outcome.stdout, outcome.exitCode], ['', 3])
      assert.ok(outcome.stderr.includes(difference), outcome.stderr)
      assert.equal(registry.routes.at(-1), drop)
    })
  }

  for (const [title, change, difference] of [
    ['wider packages', {packagePatterns: ['@ada/*']}, 'it can also access @ada/*'],
    ['another organization', {organization: 'acme'}, 'it belongs to the organization acme, not to you'],
  ] as const) {
    it(`token rotate --current: a rotated token with ${title} is refused, dropped, and not stored`, async (t) => {
      const registry = await startHostileRegistry(t)
      const {value, file, home} = await tokenFile(t)
      const credential = {kind: 'token', id: '7k3f9q2m', label: 'ci', scopes: ['read'], packagePatterns: ['@ada/tool']}
      const made = {
        ...{...listed, packagePatterns: ['@ada/tool'], prefix: 'apkg_new0000', token: 'apkg_new0000000000000000'},
        ...{rotatedAt: '2027-01-31T09:00:00.000Z', expiresAt: '2027-02-01T09:00:00.000Z', ...change},
      }
      const gone: Answer = (response) => {
        response.writeHead(204).end()
      }
      registry.answer({
        'GET /auth/whoami': json(200, {...user, credential: {...credential, expires: listed.expiresAt}}),
        ...{[rotation]: json(200, made), [drop]: gone},
      })
      const world = {home, env: {APKG_REGISTRY: registry.url, APKG_TOKEN_FILE: file}}
      const outcome = await runCommand(TokenRotate, ['--current'], config, world)
      assert.deepEqual([outcome.stdout, outcome.exitCode], ['', 3], outcome.stderr)
      assert.ok(outcome.stderr.includes(difference), outcome.stderr)
      assert.equal(registry.routes.at(-1), drop)
      assert.equal(await readFile(file, 'utf8'), value)
    })
  }

  it('token rotate: if the response is lost, running the command again is suggested', async (t) => {
    const registry = await startHostileRegistry(t)
    registry.answer({...other, [rotation]: hangUp})
    const outcome = await runCommand(TokenRotate, ['ci', '--json'], config, env(registry.url))
    const {code, message, suggestions} = errorOf(outcome)
    assert.deepEqual([code, outcome.exitCode], ['TOKEN_ROTATION_UNCERTAIN', 5])
    const again = `\`apkg token rotate --registry ${registry.url} 7k3f9q2m\``
    assert.deepEqual(suggestions, [`rotate the token again, which replaces the lost value: ${again}`])
    assert.match(message, /The token "ci" may have a new value, which was lost\. The old one is unchanged$/)
  })
})
