import assert from 'node:assert/strict'
import {chmod, mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import type {CompletedCommand} from '../../../src/machine/completion/command-line.js'
import type {WantedValue} from '../../../src/machine/completion/fitting-words.js'
import {liveValues, type LookupOptions} from '../../../src/machine/completion/live-values.js'
import {list, token} from '../../hostile/registry-responses.js'
import {json, startHostileRegistry} from '../../support/hostile-registry.js'
import {loggedIn} from '../../support/logged-in.js'
import {makeTree, writeTree} from '../../support/make-tree.js'
import {silentRegistry} from '../../support/silent-registry.js'

const command: CompletedCommand = {
  id: 'token:revoke',
  plugin: 'apkg-plugin-x',
  aliases: [],
  summary: '',
  auth: 'required',
  flags: [],
  args: [],
}

const wanted = (kind: string, more: Partial<WantedValue> = {}): WantedValue => ({
  kind,
  typed: '',
  command,
  args: [],
  flags: {},
  ...more,
})

const options = (home: string, more: Partial<LookupOptions> = {}): LookupOptions => ({
  env: {},
  home,
  cwd: home,
  now: new Date(),
  userAgent: 'test',
  plugins: [{name: 'apkg-plugin-x', version: '1.0.0'}],
  hookOf: () => undefined,
  // A remaining time is a fraction.
  timeout: 60_000.5,
  isCacheUsed: true,
  ...more,
})

const homeOf = (t: TestContext, files: Record<string, string> = {}) => makeTree(t, {'.apkg/': '', ...files})

const words = async (kind: string, where: LookupOptions, more: Partial<WantedValue> = {}) =>
  (await liveValues(wanted(kind, more), where)).values.map(({value}) => value)

describe('looking up values', () => {
  it('live values: local kinds are looked up in the files of this machine', async (t) => {
    const set = {accessToken: 'a', refreshToken: 'b', username: 'ada'}
    const home = await homeOf(t, {
      '.apkg/credentials.json': JSON.stringify({registry: 'https://one.example', ...set}),
      '.apkg/sessions.json': JSON.stringify({
        sessions: {'https://two.example': {registry: 'https://two.example', ...set}},
      }),
      '.apkg/config.json': JSON.stringify({registry: 'https://three.example', defaultSetup: {codex: true}}),
      '.apkg/trust.json': JSON.stringify({scopes: {'@acme': 'https://one.example'}}),
      'apkg.json': JSON.stringify({
        name: '@ada/x',
        version: '1.0.0',
        type: 'skill',
        dependencies: {'@acme/tool': '^1.0.0'},
      }),
    })
    const here = options(home, {env: {APKG_REGISTRY: 'https://four.example'}})
    assert.deepEqual(await words('registry', here), [
      'https://api.apkg.ai',
      'https://one.example',
      'https://two.example',
      'https://three.example',
      'https://four.example',
    ])
    assert.deepEqual((await words('config-key', here)).slice(0, 3), ['registry', 'symlinkClaudeMd', 'services.auth'])
    const deleted = {command: {...command, id: 'config:delete'}}
    assert.deepEqual(await words('config-key', here, deleted), ['registry', 'defaultSetup.codex'])
    assert.deepEqual(await words('config-value', here, {args: ['symlinkClaudeMd']}), ['true', 'false'])
    assert.ok((await words('config-value', here, {args: ['services.auth']})).includes('https://two.example'))
    assert.deepEqual(await words('policy-value', here, {args: ['signatures']}), ['off', 'warn', 'require'])
    assert.deepEqual((await words('token-scope', here)).slice(0, 4), ['read', 'publish', 'admin', 'publish:new'])
    assert.deepEqual(await words('package-version', here), ['@ada/x', '@acme/tool'])
    const added = {command: {...command, id: 'add'}}
    assert.deepEqual(await words('package-version', here, added), ['@acme/tool'], 'not the package itself')
    assert.deepEqual(await words('package', here, added), ['@acme/tool'])
    assert.deepEqual(await words('dependency', here), ['@acme/tool'])
    assert.deepEqual(await words('scope', here), ['@ada', '@acme'])
    assert.deepEqual(await words('pinned-scope', here), ['@acme'])
    assert.deepEqual(await words('plugin', here), ['apkg-plugin-x'])
    assert.deepEqual((await words('tool', here)).slice(0, 3), ['all', 'claude-code', 'cursor'])
    assert.deepEqual(await words('locked-package', here), [])
  })

  it('live values: damaged or missing files result in no values', async (t) => {
    const home = await homeOf(t, {'.apkg/credentials.json': 'x', '.apkg/config.json': '[', 'apkg.json': '{'})
    const here = options(home)
    assert.deepEqual(await words('registry', here), ['https://api.apkg.ai'])
    for (const kind of ['dependency', 'token', 'locked-package', 'linked-package', 'unknown:kind']) {
      assert.deepEqual(await words(kind, here), [], kind)
    }
    assert.deepEqual(await words('token', options(home, {env: {APKG_TOKEN: ' '}})), [])
  })

  it('live values: answers of the registry are cached briefly, per user and without the credential', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const created = await machine.apkg(['token', 'create', '--label', 'ci deploy'], {env})
    const found = await words('token', options(machine.home, {env}))
    assert.deepEqual(found.slice(0, 1), ['ci deploy'])
    assert.equal(found.length, 2)
    const asked = () => registry.requests.filter((each) => each === 'GET /auth/tokens').length
    const before = asked()
    assert.deepEqual(await words('token', options(machine.home, {env, timeout: 0})), found)
    assert.equal(asked(), before)

    const folder = path.join(machine.home, '.apkg/cache/completion')
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    const [file = '', ...others] = await readdir(folder)
    assert.deepEqual(others, [])
    assert.match(file, /^[0-9a-f]{64}\.json$/)
    assert.equal((await stat(path.join(folder, file))).mode & 0o777, 0o600)
    const text = await readFile(path.join(folder, file), 'utf8')
    const {accessToken} = JSON.parse(await machine.file('credentials.json')) as {accessToken: string}
    for (const secret of [created.stdout.trim(), accessToken]) assert.ok(!text.includes(secret))

    const other = await machine.apkg(['token', 'create', '--label', 'other'], {env})
    const byToken = options(machine.home, {env: {...env, APKG_TOKEN: other.stdout.trim()}})
    assert.deepEqual(await words('token', byToken), [], 'this token cannot list tokens')
    const later = await words('token', options(machine.home, {env, now: new Date(Date.now() + 31_000)}))
    assert.deepEqual(later.slice(0, 2).sort(), ['ci deploy', 'other'])
  })

  it('live values: an empty answer is not kept', async (t) => {
    const {machine, env} = await loggedIn(t)
    assert.deepEqual(await words('token', options(machine.home, {env})), [])
    await machine.apkg(['token', 'create', '--label', 'first'], {env})
    const [label, id = ''] = await words('token', options(machine.home, {env}))
    assert.equal(label, 'first')
    assert.match(id, /^[0-9][0-9a-z]{15}$/)
  })

  it('live values: without a status from the registry, the given time decides whether a token expired', async (t) => {
    const registry = await startHostileRegistry(t)
    const expires = '2027-02-01T00:00:00.000Z'
    registry.answer({[list]: json(200, {tokens: [{...token, expires, expiresAt: expires}]})})
    const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'opaque'}
    const at = async (day: string) => words('active-token', options(await homeOf(t), {env, now: new Date(day)}))
    assert.deepEqual(await at('2027-01-31'), ['ci', '7k3f9q2m'])
    assert.deepEqual(await at('2027-02-02'), [])
  })

  it('live values: suspend offers active tokens, resume suspended ones, and revoke both', async (t) => {
    const {machine, env} = await loggedIn(t)
    for (const label of ['works', 'rests']) await machine.apkg(['token', 'create', '--label', label], {env})
    assert.equal((await machine.apkg(['token', 'suspend', 'rests'], {env})).exitCode, 0)
    const labels = async (kind: string) =>
      (await words(kind, options(machine.home, {env}))).filter((each) => /^[a-z]/.test(each)).sort()
    assert.deepEqual(await labels('active-token'), ['works'])
    assert.deepEqual(await labels('suspended-token'), ['rests'])
    assert.deepEqual(await labels('token'), ['rests', 'works'])
  })

  it('live values: --org offers the organizations of an admin, and tokens are then those of the organization', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    const ada = (await registry.store.users.find('ada'))?.id ?? ''
    await registry.addOrganization('acme', {[ada]: 'admin'})
    await registry.addOrganization('initech', {[ada]: 'publisher'})
    await machine.apkg(['token', 'create', '--label', 'own'], {env})
    await machine.apkg(['token', 'create', '--label', 'shared', '--org', 'acme'], {env})
    const here = options(machine.home, {env})
    assert.deepEqual(await words('managed-organization', here), ['acme'])
    assert.deepEqual((await words('token', here))[0], 'own')
    const org = {flags: {org: 'acme'}}
    assert.deepEqual((await words('token', here, org))[0], 'shared')
    assert.deepEqual(await words('token', here, {flags: {org: 'initech'}}), [])
  })

  it('live values: answers are not read from a cache that others can write to', async (t) => {
    const {machine, env} = await loggedIn(t)
    await machine.apkg(['token', 'create', '--label', 'ci deploy'], {env})
    const shared = await makeTree(t, {})
    const here = options(machine.home, {env: {...env, APKG_CACHE_DIR: shared}})
    const found = await words('token', here)
    assert.equal(found[0], 'ci deploy')
    assert.deepEqual(await readdir(shared), [])
    const folder = path.join(machine.home, '.apkg/cache/completion')
    const [name = ''] = await readdir(folder)
    const forged = JSON.stringify([{value: 'forged', description: ''}])
    await writeTree(shared, {[`completion/${name}`]: forged})
    const later = {...here, timeout: 0}
    assert.deepEqual(await words('token', later), found)
    await writeFile(path.join(folder, name), forged)
    assert.deepEqual(await words('token', later), ['forged'])
    for (const [place, mode] of [
      [path.join(folder, name), 0o666],
      [folder, 0o770],
      [path.dirname(folder), 0o777],
    ] as const) {
      await writeFile(path.join(folder, name), forged)
      const {mode: before} = await stat(place)
      await chmod(place, mode)
      assert.deepEqual(await words('token', later), [], place)
      await chmod(place, before)
    }
    const cleaned = await machine.apkg(['cache', 'clean'], {env: {APKG_CACHE_DIR: shared}})
    assert.equal(cleaned.exitCode, 0, cleaned.stderr)
    await assert.rejects(stat(folder), {code: 'ENOENT'})
  })

  it('live values: use the session as it is, without refreshing it', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    await machine.apkg(['token', 'create', '--label', 'ci'], {env})
    const before = await machine.file('credentials.json')
    registry.clock.advance(13 * 3_600_000)
    registry.requests.length = 0
    assert.deepEqual(await words('token', options(machine.home, {env})), [])
    assert.deepEqual(registry.requests, ['GET /auth/tokens'])
    assert.equal(await machine.file('credentials.json'), before)
  })

  it('live values: are not requested while offline', async (t) => {
    const {registry, machine, env} = await loggedIn(t)
    registry.requests.length = 0
    assert.deepEqual(await words('token', options(machine.home, {env: {...env, APKG_OFFLINE: '1'}})), [])
    assert.deepEqual(await words('token', options(machine.home, {env}), {flags: {offline: true}}), [])
    assert.deepEqual(registry.requests, [])
  })

  it('live values: a registry that never answers is given up in time and not asked again', async (t) => {
    const silent = await silentRegistry(t)
    const home = await homeOf(t)
    const env = {APKG_REGISTRY: silent.url, APKG_TOKEN: 'opaque'}
    const start = performance.now()
    const {values, isUnanswered} = await liveValues(wanted('token'), options(home, {env, timeout: 3000}))
    assert.ok(performance.now() - start < 20_000)
    assert.deepEqual([values, isUnanswered], [[], true])
    assert.equal(silent.connections(), 1)
    const again = await liveValues(wanted('token'), options(home, {env}))
    assert.deepEqual([again.values, again.isUnanswered, silent.connections()], [[], false, 1])
  })

  it('live values: omit values that look like flags or contain control characters', async (t) => {
    const home = await homeOf(t)
    const file = path.join(home, 'complete.js')
    await writeFile(file, `module.exports = () => [{value: '--yes'}, {value: 'a\\nb'}, {value: ''}, 7, {value: 'ok'}]`)
    assert.deepEqual(await words('x', options(home, {hookOf: () => ({file, export: 'default'})})), ['ok'])
  })

  it("live values: a plugin's hook receives what was typed, and no secrets", async (t) => {
    const home = await homeOf(t)
    await mkdir(path.join(home, 'plugin'))
    const file = path.join(home, 'plugin/complete.mjs')
    await writeFile(
      file,
      `console.log('noise')
      export default async (query) => [
        {value: JSON.stringify(query), description: 'a'},
        {value: Object.keys(process.env).filter((name) => /TOKEN|PHRASE/.test(name)).join('-') || 'none'},
      ]`,
    )
    const hookOf = (name: string) => (name === 'apkg-plugin-x' ? {file, export: 'default'} : undefined)
    const here = options(home, {hookOf, env: {APKG_TOKEN: 'x', APKG_KEY_PASSPHRASE: 'y'}})
    const question = {typed: 'v', args: ['one'], flags: {path: 'p'}}
    const {values} = await liveValues(wanted('x:y', question), here)
    const query = {kind: 'x:y', typed: 'v', command: 'token:revoke', args: ['one'], flags: {path: 'p'}, cwd: home}
    assert.deepEqual(values, [
      {value: JSON.stringify(query), description: 'a'},
      {value: 'none', description: ''},
    ])
  })

  for (const [what, text] of [
    ['throws', 'export default () => { throw new Error() }'],
    ['cannot be loaded', 'import "./nowhere.js"'],
    ['exits', 'export default () => process.exit(3)'],
  ] as const) {
    it(`live values: a plugin that ${what} offers nothing, and causes no delay`, async (t) => {
      const home = await homeOf(t, {'complete.mjs': text})
      const hookOf = () => ({file: path.join(home, 'complete.mjs'), export: 'default'})
      const start = performance.now()
      assert.deepEqual(await words('x', options(home, {hookOf, timeout: 3000})), [])
      assert.ok(performance.now() - start < 20_000)
    })
  }
})
