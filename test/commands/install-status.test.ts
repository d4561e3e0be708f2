import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import {authorStatement, generateKeyPair, keyIdOf, signWith, type KeyPair} from '@apkg/package-format/signing'
import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Add from '../../src/commands/add.js'
import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import Remove from '../../src/commands/remove.js'
import TrustSet from '../../src/commands/trust/set.js'
import Update from '../../src/commands/update.js'
import {startAcmeProject} from '../support/acme-project.js'
import {errorOf, failureOf} from '../support/command.js'
import {hangUp, json, startHostileRegistry} from '../support/hostile-registry.js'
import {packDraft, publishPackage, sendPackage, sessionOf} from '../support/publish-package.js'
import {registerKey} from '../support/publish-signed.js'
import {password, startRegistry} from '../support/registry.js'
import {startProject} from '../support/project.js'
import {treeOf} from '../support/tree.js'

const name = '@ada/tool'
const request = 'POST /packages/status'

/** A project that has installed `@ada/tool` 1.0.0 from a real registry, and has it in the cache. */
async function start(t: TestContext, key?: KeyPair) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  if (key) await registerKey(registry.url, session, key)
  const publish = async (version: string) => {
    const packed = await packDraft({name, version, files: {'skill.md': `# ${version}\n`}})
    const {integrity} = packed.metadata
    const signed = key && authorStatement({registry: registry.url, name, version, integrity})
    const signature = key && signed && {keyId: keyIdOf(key.publicKey), signature: signWith(key.seed, signed)}
    const metadata = {...packed.metadata, ...(signature && {signature})}
    const answer = await sendPackage(registry.url, session, {...packed, metadata})
    assert.ok(answer.ok, await answer.text())
  }
  await publish('1.0.0')
  const project = await startProject(t, registry.url, {[name]: '^1.0.0'})
  const now = () => registry.clock.now.getTime()
  const takeDown = (version: string) =>
    registry.store.packages.takeDown({name, version, reason: 'It stole keys'}, operator, now())
  await project.succeed(Install)
  const uninstall = () => rm(project.at('apkg_packages'), {recursive: true})
  /** Runs a command that must fail with a code and change nothing. */
  const refuses = async (code: string, command: typeof Install | typeof Add, ...argv: string[]) => {
    const before = await treeOf(project.folder)
    const outcome = await project.run(command, [...argv, '--json'])
    const error = errorOf(outcome)
    assert.equal(error.code, code, error.message)
    assert.deepEqual(await treeOf(project.folder), before)
    return {...error, exitCode: outcome.exitCode}
  }
  registry.requests.length = 0
  return {registry, project, session, publish, takeDown, uninstall, refuses}
}

/** An answer with this status, or none at all. */
function answers(status: number | 'nothing') {
  if (status === 'nothing') return hangUp
  return json(status, status === 200 ? {takenDown: 'no'} : {error: {code: 'X', message: 'no', details: []}})
}

const statusOf = ({stdout}: {stdout: string}) => JSON.parse(stdout).status
const checked = {state: 'checked', takenDown: [], compromised: [], unknown: []}

describe('install: status of versions', () => {
  it('install: a version that was taken down is not installed from the cache, frozen or not', async (t) => {
    const {registry, takeDown, uninstall, refuses} = await start(t)
    await uninstall()
    await takeDown('1.0.0')
    for (const argv of [['--frozen-lockfile'], []]) {
      registry.requests.length = 0
      const {message, exitCode} = await refuses('VERSION_TAKEN_DOWN', Install, ...argv)
      assert.match(message, /^@ada\/tool@1\.0\.0 is no longer available from .*: It stole keys$/)
      assert.equal(exitCode, 3)
      assert.equal(registry.requests.filter((each) => each === request).length, 1)
    }
  })

  it('install: sends one status request for all packages, even if nothing is installed', async (t) => {
    const {registry, project, session, uninstall} = await start(t)
    await publishPackage(registry.url, session, {name: '@ada/lib'})
    await publishPackage(registry.url, session, {name: '@ada/app', dependencies: {'@ada/lib': '*', [name]: '*'}})
    const {stdout} = await project.succeed(Add, ['@ada/app', '--json'])
    assert.deepEqual(statusOf({stdout}), checked)
    assert.equal(registry.requests.filter((each) => each === request).length, 1)
    await uninstall()
    registry.requests.length = 0
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.deepEqual(registry.requests, [request])
    registry.requests.length = 0
    assert.deepEqual(statusOf(await project.succeed(Install, ['--json'])), checked)
    assert.deepEqual(registry.requests, [request])
    registry.requests.length = 0
    assert.equal(statusOf(await project.succeed(Install, ['--json', '--offline'])).state, 'unchecked')
    assert.deepEqual(registry.requests, [])
  })

  it('install: an installed version that was taken down is an error, with the command that replaces it', async (t) => {
    const {registry, project, publish, takeDown, refuses} = await start(t)
    await publish('1.0.1')
    await takeDown('1.0.0')
    for (const argv of [[], ['--frozen-lockfile']]) {
      registry.requests.length = 0
      const {exitCode, suggestions} = await refuses('VERSION_TAKEN_DOWN', Install, ...argv)
      assert.equal(exitCode, 3)
      const [hint] = suggestions
      assert.equal(hint, 'run `apkg update @ada/tool` to change to @ada/tool@1.0.1, then commit apkg-lock.json')
      assert.equal(registry.requests.filter((each) => each === request).length, 1)
    }
    await project.succeed(Install, ['--offline'])
    await project.succeed(Update, [name])
    assert.deepEqual(statusOf(await project.succeed(Install, ['--json'])), checked)
  })

  it('add: warns about an installed version that was taken down, and installs others', async (t) => {
    const {registry, project, session, takeDown} = await start(t)
    await publishPackage(registry.url, session, {name: '@ada/lib'})
    await takeDown('1.0.0')
    const outcome = await project.succeed(Add, ['@ada/lib', '--json'])
    assert.match(
      outcome.stderr,
      /^Warning: @ada\/tool@1\.0\.0 is installed, but was taken down by the registry: It stole keys\. `apkg install` shows how to replace it$/m,
    )
    assert.deepEqual(statusOf(outcome).takenDown, [{version: '@ada/tool@1.0.0', reason: 'It stole keys'}])
  })

  it('install: a deprecation is shown even if the lockfile is frozen and everything is cached', async (t) => {
    const {registry, project, session, uninstall} = await start(t)
    await uninstall()
    const address = `${registry.url}/packages/${encodeURIComponent(name)}/1.0.0`
    const headers = {authorization: `Bearer ${session}`, 'content-type': 'application/json'}
    const body = JSON.stringify({deprecated: 'Use 2'})
    assert.ok((await fetch(address, {method: 'PATCH', headers, body})).ok)
    const {stderr} = await project.succeed(Install, ['--frozen-lockfile'])
    assert.match(stderr, /^Warning: @ada\/tool@1\.0\.0 is deprecated: Use 2$/m)
  })

  it('install: a yanked version in the lockfile is installed with a warning, and never chosen otherwise', async (t) => {
    const {registry, project, session, uninstall} = await start(t)
    const address = `${registry.url}/packages/${encodeURIComponent(name)}/1.0.0/yank`
    const headers = {authorization: `Bearer ${session}`, 'content-type': 'application/json'}
    assert.ok((await fetch(address, {method: 'PUT', headers, body: JSON.stringify({yanked: true})})).ok)
    for (const argv of [['--frozen-lockfile'], []]) {
      await uninstall()
      const {stderr} = await project.succeed(Install, argv)
      assert.match(
        stderr,
        /^Warning: @ada\/tool@1\.0\.0 was yanked\. It is installed because it is in apkg-lock\.json; `apkg update @ada\/tool` replaces it if apkg\.json allows another version$/m,
      )
    }
    const unlocked = await startProject(t, registry.url, {[name]: '1.0.0'})
    const {message} = failureOf(await unlocked.run(Install, ['--json']))
    assert.match(message, /only yanked versions match: 1\.0\.0/)
  })

  it('install: refuses a compromised signer, installed or not, unless it is accepted or nothing is verified', async (t) => {
    const key = generateKeyPair()
    const keyId = keyIdOf(key.publicKey)
    const {registry, project, session, uninstall, refuses} = await start(t, key)
    const address = `${registry.url}/auth/keys/${encodeURIComponent(keyId)}/revoke`
    const headers = {authorization: `Bearer ${session}`, 'content-type': 'application/json'}
    registry.clock.advance(1000)
    await fetch(address, {method: 'POST', headers, body: JSON.stringify({reason: 'key-compromise'})})
    for (const policy of ['require', 'warn']) {
      await project.succeed(TrustSet, ['signatures', policy])
      assert.equal((await refuses('SIGNER_COMPROMISED', Install)).exitCode, 3)
      await refuses('SIGNER_COMPROMISED', Install, '--frozen-lockfile')
      await uninstall()
      await refuses('SIGNER_COMPROMISED', Install, '--frozen-lockfile')
      await refuses('SIGNER_COMPROMISED', Install)
      await project.succeed(Install, ['--accept-signer', keyId])
      await project.succeed(Install, ['--accept-signer', keyId, '--frozen-lockfile'])
    }
    await project.succeed(TrustSet, ['signatures', 'off'])
    const outcome = await project.succeed(Install, ['--frozen-lockfile', '--json'])
    assert.ok(outcome.stderr.includes(`${name}@1.0.0 is signed by ${keyId}, which was revoked as compromised`))
    assert.deepEqual(statusOf(outcome).compromised, [
      {version: '@ada/tool@1.0.0', keyId, revokedAt: registry.clock.now.toISOString()},
    ])
  })

  it('install: offline, cached packages are installed unchecked and without a warning, unless the policy requires it', async (t) => {
    const {project, takeDown, uninstall, refuses} = await start(t)
    await uninstall()
    await takeDown('1.0.0')
    const offline = ['--frozen-lockfile', '--offline']
    const {stdout, stderr} = await project.succeed(Install, [...offline, '--json'])
    assert.deepEqual(statusOf({stdout}), {...checked, state: 'unchecked'})
    assert.doesNotMatch(stderr, /takedown|taken down|unchecked/i)
    await uninstall()
    await project.succeed(TrustSet, ['takedowns', 'require'])
    assert.equal((await refuses('TAKEDOWNS_UNCHECKED', Install, ...offline)).exitCode, 3)
    await project.succeed(TrustSet, ['takedowns', 'check'])
    await project.succeed(Install, offline)
  })

  it('install: a registry without the status endpoint (404, 405) is unchecked without a warning; any other refusal is an error', async (t) => {
    const {registry: plain, project} = await startAcmeProject(t)
    const {stdout, stderr} = await project.succeed(Install, ['--json'])
    assert.ok(plain.requests.includes(request))
    assert.equal(statusOf({stdout}).state, 'unchecked')
    assert.doesNotMatch(stderr, /takedown|unchecked/i)
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(TrustSet, ['takedowns', 'require'])
    const {code, suggestions} = errorOf(await project.run(Install, ['--json']))
    assert.equal(code, 'TAKEDOWNS_UNCHECKED')
    assert.deepEqual(suggestions, ['to install even if this check fails, run `apkg trust set takedowns check`'])
  })

  for (const [status, code] of [
    [405, undefined],
    ['nothing', undefined],
    [403, 'REFUSED'],
    [500, 'SERVER_FAILED'],
    [200, 'BAD_RESPONSE'],
  ] as const) {
    it(`install: a registry that responds with ${status} to the status request is ${code ?? 'unchecked'}`, async (t) => {
      const hostile = await startHostileRegistry(t)
      const {metadata, tarball} = await packDraft({name})
      const {integrity} = metadata
      const version = {version: '1.0.0', type: 'library', dependencies: {}, dist: {tarball: '', integrity}}
      hostile.answer({
        'GET /packages/%40ada%2Ftool': json(200, {name, versions: {'1.0.0': version}}),
        'GET /packages/%40ada%2Ftool/1.0.0/tarball': (response) => response.writeHead(200).end(tarball),
        [request]: answers(status),
      })
      const project = await startProject(t, hostile.url, {[name]: '1.0.0'})
      const outcome = await project.run(Install, ['--json'])
      if (code === undefined) assert.equal(statusOf(outcome).state, 'unchecked')
      else assert.equal(failureOf(outcome).code, code)
      assert.deepEqual(await project.installed(), code === undefined ? {[name]: '1.0.0'} : {})
    })
  }

  it('install: a package that cannot be read anymore is installed from the cache, unless the policy requires the check', async (t) => {
    const {registry, session} = await start(t)
    await publishPackage(registry.url, session, {name: '@ada/secret', visibility: 'private'})
    const project = await startProject(t, registry.url, {'@ada/secret': '^1.0.0'})
    const headers = {authorization: `Bearer ${session}`, 'content-type': 'application/json'}
    const created = await fetch(`${registry.url}/auth/tokens`, {method: 'POST', headers, body: '{"name": "ci"}'})
    const {token} = (await created.json()) as {token: string}
    assert.deepEqual(statusOf(await project.succeed(Install, ['--json'], {env: {APKG_TOKEN: token}})), checked)
    await rm(project.at('apkg_packages'), {recursive: true})
    const outcome = await project.succeed(Install, ['--frozen-lockfile', '--json'])
    assert.deepEqual(statusOf(outcome).unknown, ['@ada/secret@1.0.0'])
    await rm(project.at('apkg_packages'), {recursive: true})
    await project.succeed(TrustSet, ['takedowns', 'require'])
    const {code, message} = failureOf(await project.run(Install, ['--frozen-lockfile', '--json']))
    assert.equal(code, 'TAKEDOWNS_UNCHECKED')
    assert.match(message, /it does not know @ada\/secret@1\.0\.0$/)
  })

  for (const [status, code] of [
    [404, undefined],
    [429, undefined],
    [500, undefined],
    ['nothing', undefined],
    [403, 'REFUSED'],
    [200, 'BAD_RESPONSE'],
  ] as const) {
    it(`install: if everything is up to date, a registry that responds with ${status} to the status request is ${code ?? 'unchecked'}`, async (t) => {
      const hostile = await startHostileRegistry(t)
      const {metadata, tarball} = await packDraft({name})
      const {integrity} = metadata
      const version = {version: '1.0.0', type: 'library', dependencies: {}, dist: {tarball: '', integrity}}
      hostile.answer({
        'GET /packages/%40ada%2Ftool': json(200, {name, versions: {'1.0.0': version}}),
        'GET /packages/%40ada%2Ftool/1.0.0/tarball': (response) => response.writeHead(200).end(tarball),
        [request]: answers(405),
      })
      const project = await startProject(t, hostile.url, {[name]: '1.0.0'})
      await project.succeed(Install)
      hostile.answer({[request]: answers(status)})
      const outcome = await project.run(Install, ['--json'])
      if (code === undefined) assert.equal(statusOf(outcome).state, 'unchecked')
      else assert.equal(failureOf(outcome).code, code)
    })
  }

  it('install: if everything is up to date, the policy can still require the check', async (t) => {
    const {project, refuses} = await start(t)
    await project.succeed(TrustSet, ['takedowns', 'require'])
    await refuses('TAKEDOWNS_UNCHECKED', Install, '--offline')
    await project.succeed(Install)
  })

  it('info, install, add and update: say that a version was taken down, and what to do', async (t) => {
    const {project, publish, takeDown} = await start(t)
    await publish('1.1.0')
    await project.depend({[name]: '1.1.0'})
    await project.succeed(Install)
    await takeDown('1.1.0')
    const message = async (command: Parameters<typeof project.run>[0], ...argv: string[]) =>
      errorOf(await project.run(command, [...argv, '--json']))
    const info = await message(Info, `${name}@1.1.0`)
    assert.match(info.message, /^No matching version found for @ada\/tool: 1\.1\.0 was taken down: It stole keys$/)
    assert.match((await message(Info, `${name}@9.0.0`)).message, /9\.0\.0 does not exist$/)
    assert.match((await message(Info, '@ada/other@1.1.0')).message, /^Package not found/)
    const added = await message(Add, `${name}@1.1.0`)
    assert.match(added.message, /you requested @ada\/tool 1\.1\.0, but 1\.1\.0 was taken down: It stole keys$/)
    const updated = await message(Update, name)
    assert.match(updated.message, /apkg\.json requires @ada\/tool 1\.1\.0, but 1\.1\.0 was taken down: It stole keys$/)
    assert.equal(updated.suggestions[0], 'run `apkg add @ada/tool` to change the range in apkg.json to ^1.0.0')
    await project.succeed(Add, [name])
    await project.succeed(Install, ['--frozen-lockfile'])
    await takeDown('1.0.0')
    const nothing = await message(Update)
    assert.equal(nothing.suggestions[0], 'run `apkg remove @ada/tool` to remove it from apkg.json')
    await project.succeed(Remove, [name])
    await project.succeed(Install)
  })

  it('update: says which version was taken down, and that it downgraded', async (t) => {
    const {registry, project, publish, takeDown} = await start(t)
    await publish('1.1.0')
    await project.succeed(Update)
    await takeDown('1.1.0')
    const warning =
      /^Warning: @ada\/tool 1\.1\.0 → 1\.0\.0, because 1\.1\.0 was taken down by the registry: It stole keys$/m
    assert.match((await project.succeed(Update, ['--dry-run'])).stderr, warning)
    registry.requests.length = 0
    const {stdout, stderr} = await project.succeed(Update, ['--json'])
    assert.match(stderr, warning)
    assert.deepEqual(JSON.parse(stdout).updates, [
      {name, from: '1.1.0', to: '1.0.0', range: null, takenDown: 'It stole keys'},
    ])
    assert.deepEqual(statusOf({stdout}), checked)
    assert.equal(registry.requests.filter((each) => each === request).length, 1)
  })

  it('update: moves away from a version that was taken down', async (t) => {
    const {project, publish, takeDown} = await start(t)
    await publish('1.1.0')
    await takeDown('1.0.0')
    await project.succeed(Update)
    assert.deepEqual(await project.installed(), {[name]: '1.1.0'})
  })
})
