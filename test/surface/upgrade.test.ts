import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {lstat, mkdir, readdir, readFile, rm} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {promisify} from 'node:util'

import RegistryAudit from '@apkg/plugin-registry/dist/commands/registry/audit.js'
import RegistryBackup from '@apkg/plugin-registry/dist/commands/registry/backup.js'
import RegistryRecovered from '@apkg/plugin-registry/dist/commands/registry/recovered.js'
import RegistryRestore from '@apkg/plugin-registry/dist/commands/registry/restore.js'
import RegistryTokenResume from '@apkg/plugin-registry/dist/commands/registry/token/resume.js'
import {startServer} from '@apkg/plugin-registry/dist/operator/start-server.js'
import {TOTP} from 'otpauth'
import pino from 'pino'

import Add from '../../src/commands/add.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import Login from '../../src/commands/login.js'
import Publish from '../../src/commands/publish.js'
import Remove from '../../src/commands/remove.js'
import TokenList from '../../src/commands/token/list.js'
import TokenRevoke from '../../src/commands/token/revoke.js'
import Verify from '../../src/commands/verify.js'
import Whoami from '../../src/commands/whoami.js'
import {failureOf} from '../support/command.js'
import {writeTree} from '../support/make-tree.js'
import {config} from '../support/oclif-config.js'
import {inRepository} from '../support/repository.js'
import {runCommand, type Outcome, type World} from '../support/run-command.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'

/** What release 0.1.0 left behind: a data directory, tokens, a home directory and a project, as their owners had them. */
const archive = inRepository('test/fixtures/upgrade/kept-0.1.0.tar.gz')

/** The files of the archive name the registry by this port. */
const port = 4993
const url = `http://127.0.0.1:${port}`

/** A day after the archive was made: the access token has expired, and the session can still be refreshed. */
const now = new Date('2026-11-29T12:00:00Z')

const password = 'correct horse battery'

type Command = Parameters<typeof runCommand>[0]

interface Kept {
  /** The data directory of the registry. */
  data: string
  home: string
  project: string
  /** Runs a command of the user ada in the project. */
  run(command: Command, argv?: string[], world?: Partial<World>): Promise<Outcome>
  /** Like `run`, but fails unless the command succeeds. */
  succeed(command: Command, argv?: string[], world?: Partial<World>): Promise<Outcome>
  /** Runs a command on a machine without a login, with the value of a token. */
  withToken(name: string, command: Command, argv?: string[], world?: Partial<World>): Promise<Outcome>
  read(file: string): Promise<string>
  stop(): Promise<void>
}

/** Unpacks the archive and serves its registry, or another data directory, with this release. */
async function open(t: TestContext, data?: string): Promise<Kept> {
  let stop = () => Promise.resolve()
  // Runs before the directory is removed, because the server still writes to it.
  t.after(() => stop())
  const folder = await tempFolder(t)
  await promisify(execFile)('tar', ['-xpzf', archive, '--no-same-owner', '-C', folder])
  const at = (...parts: string[]) => path.join(folder, ...parts)
  const server = await serve(data ?? at('registry'))
  let stopped: Promise<void> | undefined
  stop = () => (stopped ??= server.stop())
  const stranger = await tempFolder(t)
  const kept: Kept = {
    data: data ?? at('registry'),
    home: at('home'),
    project: at('project'),
    run: (command, argv = [], world = {}) =>
      runCommand(command, argv, config, {home: at('home'), cwd: at('project'), now, ...world}),
    async succeed(...args) {
      const outcome = await kept.run(...args)
      assert.equal(outcome.exitCode, 0, outcome.stderr + outcome.stdout)
      return outcome
    },
    async withToken(name, command, argv = [], world = {}) {
      const env = {APKG_TOKEN: (await readFile(at('tokens', name), 'utf8')).trim(), APKG_REGISTRY: url}
      return runCommand(command, argv, config, {home: stranger, now, env, ...world})
    },
    read: (file) => readFile(at(file), 'utf8'),
    stop: () => stop(),
  }
  return kept
}

/** Waits for the port, because the previous test may not have released it yet. */
async function serve(folder: string, attempts = 100): ReturnType<typeof startServer> {
  const options = {host: '127.0.0.1', port, folder, publicUrl: undefined, tls: undefined, trustProxy: []}
  try {
    return await startServer(
      {...options, oidcIssuers: [], anonymousRead: undefined, limits: {}, version: '0.0.0-test'},
      pino({level: 'silent'}),
      {now: () => now},
    )
  } catch (error) {
    if (attempts === 0 || !String(error).includes(String(port))) throw error
    await sleep(200)
    return serve(folder, attempts - 1)
  }
}

/** Everything in a directory: content, mode and time of each file. */
async function stateOf(folder: string): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {}
  for (const [file, content] of Object.entries(await treeOf(folder))) {
    const {mode, mtimeMs, ino} = await lstat(path.join(folder, file))
    state[file] = {content, mode, mtimeMs, ino}
  }
  return state
}

/** The files of packages and their contents and modes, without what apkg records about them. */
async function packagesIn(project: string): Promise<Record<string, unknown>> {
  const folder = path.join(project, 'apkg_packages')
  const files = Object.entries(await treeOf(folder)).filter(([file]) => file.startsWith('@'))
  const modes = await Promise.all(files.map(async ([file]) => (await lstat(path.join(folder, file))).mode))
  return Object.fromEntries(files.map(([file, content], index) => [file, {content, mode: modes[index]}]))
}

/** Publishes a version of `@ada/review` with the token `ci`. */
async function publishReview(t: TestContext, kept: Kept, version: string): Promise<Outcome> {
  const folder = await tempFolder(t)
  const manifest = {name: '@ada/review', version, type: 'skill', license: 'MIT', description: 'Reviews'}
  await writeTree(folder, {
    'apkg.json': JSON.stringify(manifest),
    'SKILL.md': '---\nname: review\ndescription: Reviews\n---\nReview it.\n',
  })
  return kept.withToken('ci', Publish, ['--no-sign', '--json'], {cwd: folder})
}

describe('what release 0.1.0 left behind', () => {
  it('upgrade: the database is migrated, and the old one is kept', async (t) => {
    const kept = await open(t)
    const copies = (await readdir(kept.data)).filter((name) => name.startsWith('registry.db.before-'))
    assert.equal(copies.length, 1)
    assert.equal((await lstat(path.join(kept.data, copies[0]!))).mode & 0o777, 0o600)
    await kept.stop()
    // The copy is a database that the registry opens.
    const restored = await tempFolder(t)
    await promisify(execFile)('cp', ['-a', `${kept.data}/.`, restored])
    for (const suffix of ['', '-wal', '-shm']) await rm(path.join(restored, `registry.db${suffix}`), {force: true})
    await promisify(execFile)('mv', [path.join(restored, copies[0]!), path.join(restored, 'registry.db')])
    // It is older than what was served, so it is served once the operator accepts it.
    const outdated = await open(t, restored)
    const refused = await outdated.run(Info, ['@ada/review', '--json'])
    assert.equal(JSON.parse(refused.stdout).error.reason, 'REGISTRY_BEHIND')
    await outdated.stop()
    const {stdout} = await kept.succeed(RegistryRecovered, ['--data', restored, '--json'])
    assert.equal(JSON.parse(stdout).recovered, true)
    const again = await open(t, restored)
    const anonymous = {home: await tempFolder(t), env: {APKG_REGISTRY: url}}
    assert.equal((await again.succeed(Info, ['@ada/review', '--json'], anonymous)).exitCode, 0)
  })

  it('upgrade: tokens read and publish as before', async (t) => {
    const kept = await open(t)
    for (const [name, scopes, packages] of [
      ['ci', ['read', 'publish'], []],
      ['reader', ['read'], ['@ada/*']],
    ] as const) {
      const {stdout} = await kept.withToken(name, Whoami, ['--json'])
      const {username, credential} = JSON.parse(stdout)
      assert.deepEqual([username, credential.label, credential.packages], ['ada', name, packages])
      assert.deepEqual(JSON.parse(stdout).scopes, scopes)
      assert.equal(credential.expiresAt, null)
      assert.equal((await kept.withToken(name, Info, ['@ada/review@0.2.0', '--json'])).exitCode, 0)
    }
    assert.equal((await kept.withToken('ci', Info, ['@acme/deploy', '--json'])).exitCode, 0)
    assert.equal(failureOf(await kept.withToken('reader', Info, ['@acme/deploy', '--json'])).code, 'PACKAGE_NOT_FOUND')
    assert.deepEqual((await publishReview(t, kept, '0.4.0')).exitCode, 0)
    const folder = await tempFolder(t)
    await writeTree(folder, {'apkg.json': '{"name":"@ada/types","version":"0.9.0","type":"rule"}', 'rules/a.md': 'A\n'})
    const refused = await kept.withToken('reader', Publish, ['--no-sign', '--json'], {cwd: folder})
    assert.deepEqual([refused.exitCode, JSON.parse(refused.stdout).error.reason], [3, 'SCOPE_INSUFFICIENT'])
  })

  it('upgrade: a revoked token stays revoked', async (t) => {
    const kept = await open(t)
    const outcome = await kept.withToken('dead', Whoami, ['--json'])
    assert.deepEqual([outcome.exitCode, failureOf(outcome).code], [4, 'REJECTED'])
    assert.match(failureOf(outcome).message, /The token "dead" was revoked at 2026-11-28T/)
  })

  it('upgrade: the stored session is refreshed, lists its tokens and revokes one', async (t) => {
    const kept = await open(t)
    const {stdout} = await kept.succeed(TokenList, ['--json'])
    const labels = JSON.parse(stdout).tokens.map(({label}: {label: string}) => label)
    assert.deepEqual(labels.sort(), ['ci', 'reader'])
    assert.notEqual(JSON.parse(await kept.read('home/.apkg/credentials.json')).accessToken, undefined)
    await kept.succeed(TokenRevoke, ['reader'])
    assert.equal((await kept.withToken('reader', Whoami)).exitCode, 4)
    assert.equal((await kept.withToken('ci', Whoami)).exitCode, 0)
  })

  it('upgrade: the password works, and the second factor and recovery codes too', async (t) => {
    const kept = await open(t)
    const env = {APKG_REGISTRY: url}
    const logIn = async (name: string, argv: string[], stdin: string) =>
      kept.run(Login, ['--username', name, '--password-stdin', ...argv], {home: await tempFolder(t), env, stdin})
    assert.equal((await logIn('ada', [], password)).exitCode, 0)
    assert.equal((await logIn('ada', [], 'wrong horse battery')).exitCode, 4)
    const {secret, recoveryCodes} = JSON.parse(await kept.read('bob-mfa.json'))
    const code = new TOTP({secret}).generate({timestamp: now.getTime()})
    assert.equal((await logIn('bob', ['--otp', code], password)).exitCode, 0)
    assert.equal((await logIn('bob', ['--otp', code], password)).exitCode, 4, 'a code works once')
    assert.equal((await logIn('bob', [], `${password}\n${recoveryCodes[0]}\n`)).exitCode, 0)
    assert.equal((await logIn('bob', [], `${password}\n${recoveryCodes[0]}\n`)).exitCode, 4)
  })

  it('upgrade: roles and visibility are as before', async (t) => {
    const kept = await open(t)
    const home = await tempFolder(t)
    const {recoveryCodes} = JSON.parse(await kept.read('bob-mfa.json'))
    const env = {APKG_REGISTRY: url}
    await kept.succeed(Login, ['--username', 'bob', '--password-stdin'], {
      ...{home, env, stdin: `${password}\n${recoveryCodes[1]}\n`},
    })
    const {organizations} = JSON.parse((await kept.succeed(Whoami, ['--json'], {home, env})).stdout)
    assert.deepEqual(organizations, [{name: 'acme', role: 'reader'}])
    await kept.succeed(Info, ['@acme/deploy'], {home, env})
    const stranger = await kept.run(Info, ['@acme/deploy', '--json'], {home: await tempFolder(t), env})
    assert.equal(failureOf(stranger).code, 'PACKAGE_NOT_FOUND')
    const {stdout} = await kept.succeed(Info, ['@ada/types', '--json'])
    assert.notEqual(JSON.parse(stdout).version.deprecated, null)
    const tags = JSON.parse((await kept.succeed(Info, ['@ada/review', '--json'])).stdout)
    assert.deepEqual(tags.distTags, {latest: '0.2.0', old: '0.1.0'})
  })

  it('upgrade: a frozen installation changes nothing', async (t) => {
    const kept = await open(t)
    const before = await stateOf(kept.project)
    const {stdout, stderr} = await kept.succeed(Install, ['--frozen-lockfile'])
    const after = await stateOf(kept.project)
    const changed = Object.keys({...before, ...after}).filter(
      (file) => JSON.stringify(before[file]) !== JSON.stringify(after[file]),
    )
    // The ledgers hold times and inodes, which unpacking the archive has changed.
    assert.deepEqual(
      changed.filter((file) => !/^apkg_packages\/\.(ledger|setup)\.json$/.test(file)),
      [],
    )
    assert.doesNotMatch(stdout + stderr, /Installed [1-9]|Warning/)
  })

  for (const [what, remove] of [
    ['from the cache', []],
    ['from the registry', ['home/.apkg/cache']],
  ] as const) {
    it(`upgrade: a clean installation ${what} gives the same bytes`, async (t) => {
      const kept = await open(t)
      const before = await packagesIn(kept.project)
      const lockfile = await kept.read('project/apkg-lock.json')
      assert.equal(Object.keys(before).length, 7)
      await rm(path.join(kept.project, 'apkg_packages'), {recursive: true})
      for (const each of remove) await rm(path.join(kept.home, '..', each), {recursive: true})
      await kept.succeed(Install, ['--frozen-lockfile'])
      assert.deepEqual(await packagesIn(kept.project), before)
      assert.equal(await kept.read('project/apkg-lock.json'), lockfile)
      await kept.succeed(Install)
      assert.equal(await kept.read('project/apkg-lock.json'), lockfile)
      await kept.succeed(Verify)
    })
  }

  it('upgrade: packages are installed with a token as before', async (t) => {
    const kept = await open(t)
    await rm(path.join(kept.project, 'apkg_packages'), {recursive: true})
    const outcome = await kept.withToken('ci', Install, ['--frozen-lockfile'], {cwd: kept.project})
    assert.equal(outcome.exitCode, 0, outcome.stderr)
  })

  for (const [what, first] of [
    ['right after the upgrade', []],
    ['after an installation', [Install]],
  ] as const) {
    it(`upgrade: remove leaves no file behind ${what}`, async (t) => {
      const kept = await open(t)
      for (const command of first) await kept.succeed(command)
      await kept.succeed(Remove, ['@acme/deploy', '@ada/types'])
      // The directories of the tools were there before apkg.
      const left = Object.keys(await treeOf(kept.project)).sort()
      assert.deepEqual(left, ['.claude', '.cursor', 'apkg-lock.json', 'apkg.json'])
    })
  }

  it('upgrade: removing one package keeps the files of the others', async (t) => {
    const kept = await open(t)
    const before = Object.keys(await treeOf(kept.project))
    await kept.succeed(Remove, ['@ada/types'])
    const after = Object.keys(await treeOf(kept.project))
    assert.deepEqual(before.filter((file) => !after.includes(file)).sort(), [
      '.claude/rules/ada-types.md',
      '.cursor/rules/ada-types.mdc',
      'apkg_packages/@ada/types/apkg.json',
      'apkg_packages/@ada/types/types.md',
    ])
  })

  it('upgrade: a version that was taken down stays so', async (t) => {
    const kept = await open(t)
    const published = await publishReview(t, kept, '0.3.0')
    assert.deepEqual([published.exitCode, JSON.parse(published.stdout).error.reason], [3, 'VERSION_RETIRED'])
    const added = await kept.run(Add, ['@ada/review@0.3.0', '--json'])
    assert.notEqual(added.exitCode, 0)
    assert.doesNotMatch(await kept.read('project/apkg-lock.json'), /0\.3\.0/)
  })

  it('upgrade: the audit log continues', async (t) => {
    const kept = await open(t)
    const {stdout} = await kept.succeed(RegistryAudit, ['--data', kept.data, '--json'])
    const {entries} = JSON.parse(stdout)
    assert.equal(entries.length, 21)
    assert.deepEqual([entries[0].action, entries[0].detail], ['audit.begin', {before: 20}])
    assert.equal(entries.at(-1).action, 'user.add')
    await kept.succeed(TokenRevoke, ['reader'])
    const later = JSON.parse((await kept.succeed(RegistryAudit, ['--data', kept.data, '--json'])).stdout)
    assert.equal(later.entries[0].action, 'token.revoke')
  })

  it('upgrade: the upgraded data directory is backed up, and restored with its packages, tokens and passwords', async (t) => {
    const kept = await open(t)
    const [backup, restored] = [path.join(await tempFolder(t), 'backup'), path.join(await tempFolder(t), 'restored')]
    await kept.succeed(RegistryBackup, [backup, '--data', kept.data])
    await kept.succeed(RegistryRestore, [backup, '--verify'])
    await kept.stop()
    await kept.succeed(RegistryRestore, [backup, '--data', restored])
    const again = await open(t, restored)
    assert.equal((await again.withToken('ci', Whoami)).exitCode, 4, 'tokens are suspended')
    await again.succeed(RegistryTokenResume, ['--all', '--yes', '--data', restored])
    assert.equal((await again.withToken('ci', Whoami)).exitCode, 0)
    assert.equal((await again.withToken('dead', Whoami)).exitCode, 4)
    await again.succeed(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
    const before = await packagesIn(again.project)
    await rm(path.join(again.project, 'apkg_packages'), {recursive: true})
    await rm(path.join(again.home, '.apkg/cache'), {recursive: true})
    await mkdir(path.join(again.home, '.apkg/cache'), {mode: 0o700})
    await again.succeed(Install, ['--frozen-lockfile'])
    assert.deepEqual(await packagesIn(again.project), before)
  })
})
