import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {describe, it, type TestContext} from 'node:test'
import {fileURLToPath} from 'node:url'

import {RegistryCommand} from '@apkg/command-kit'
import {Config, type Command} from '@oclif/core'

import {commandIds} from '../support/command-ids.js'
import {assertDocumented} from '../support/json-output.js'
import {makeTree} from '../support/make-tree.js'
import {startNpmRegistry} from '../support/npm-registry.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'
import {runCommand, type World} from '../support/run-command.js'
import {tempFolder} from '../support/temp-folder.js'

type CommandClass = Parameters<typeof runCommand>[0]

/** A command line, split at spaces, and the environment of the command. */
type Step = [line: string, world?: Partial<World>]

/** Commands that need PostgreSQL. Its tests check their output against the schemas, too. */
const onPostgresql = ['registry:migrate']

const checkout = fileURLToPath(new URL('../..', import.meta.url))

const loaded = new Map<string, {command: Command.Loadable; config: Config}>()
for (const root of [checkout, path.join(checkout, 'packages/plugin-registry')]) {
  const config = await Config.load({root, ignoreManifest: true})
  for (const command of config.commands) loaded.set(command.id, {command, config})
}

/** Runs a command in this process; its output is validated against its schema. */
async function run(id: string, argv: readonly string[], world: World) {
  const found = loaded.get(id)
  assert(found, `There is no ${id}`)
  return runCommand((await found.command.load()) as unknown as CommandClass, [...argv, '--json'], found.config, world)
}

describe('--json', () => {
  it('--json: every successful command matches its schema', async (t) => {
    const succeeded = new Set<string>()
    for await (const [id, exitCode, stdout] of story(t)) {
      assert.ok(exitCode === 0 && !('error' in JSON.parse(stdout)), `${id} failed: ${stdout}`)
      succeeded.add(id)
    }
    assert.deepEqual([...succeeded, ...onPostgresql].sort(), [...commandIds].sort())
  })

  it('--json: every failed command matches the schema of errors', async (t) => {
    const home = await tempFolder(t)
    for (const id of commandIds) {
      const {stdout, exitCode} = await run(id, ['--no-such-flag'], {home})
      assert.deepEqual([id, exitCode, JSON.parse(stdout).error.code], [id, 2, 'USAGE'])
    }
  })

  it('--json: a request that the registry refuses is reported with its reason, status and request ID', async (t) => {
    const {url, folder, home} = await refusingWorld(t)
    const env = {APKG_REGISTRY: url, APKG_TOKEN: 'opaque'}
    for (const [id, {argv, stdin}] of Object.entries(refusedRequests)) {
      const {stdout} = await run(id, argv, {home, env, cwd: folder, ...(stdin !== undefined && {stdin})})
      const {reason, status, requestId} = JSON.parse(stdout).error ?? {}
      assert.deepEqual({id, reason, status, requestId}, {id, ...refusal}, stdout)
    }
    const covered = [...Object.keys(refusedRequests), ...toleratingRefusals]
    assert.deepEqual(covered.sort(), await registryCommands())
  })

  it('--json: the validation rejects an unknown and a missing field', () => {
    const url = 'http://127.0.0.1:4873'
    assertDocumented('registry:serve', JSON.stringify({url}))
    assert.throws(() => {
      assertDocumented('registry:serve', JSON.stringify({url, port: 4873}))
    }, /additional properties: \{"additionalProperty":"port"\}/)
    assert.throws(() => {
      assertDocumented('registry:serve', '{}')
    }, /required property 'url'/)
    assert.throws(() => {
      assertDocumented('token:list', JSON.stringify({error: {code: 'USAGE', message: 'no'}}))
    }, /required property 'suggestions'/)
  })
})

/** What the refusing registry says of each request. */
const refusal = {reason: 'SCOPE_MISSING', status: 403, requestId: 'request-1'}

/** The commands that fail if the registry refuses their request. */
const refusedRequests: Readonly<Record<string, {argv: string[]; stdin?: string}>> = {
  add: {argv: ['@ada/other']},
  'audit:signatures': {argv: []},
  ci: {argv: []},
  deprecate: {argv: ['@ada/tool@1.0.0', 'unmaintained']},
  yank: {argv: ['@ada/tool@1.0.0']},
  'dist-tag:add': {argv: ['@ada/tool@1.0.0', 'stable']},
  'dist-tag:ls': {argv: ['@ada/tool']},
  'dist-tag:rm': {argv: ['@ada/tool', 'stable']},
  info: {argv: ['@ada/tool']},
  install: {argv: []},
  'key:list': {argv: []},
  'key:register': {argv: []},
  'key:revoke': {argv: ['--key', 'laptop', '--reason', 'superseded', '--yes']},
  'key:rotate': {argv: ['--key', 'laptop']},
  login: {argv: ['--username', 'ada', '--password-stdin'], stdin: password},
  outdated: {argv: []},
  publish: {argv: []},
  search: {argv: ['tool']},
  'session:list': {argv: []},
  'session:revoke': {argv: ['--all', '--yes']},
  'org:member:add': {argv: ['acme', 'bob']},
  'org:member:list': {argv: ['acme']},
  'org:member:remove': {argv: ['acme', 'bob']},
  'token:can': {argv: ['publish', '@ada/tool']},
  'token:create': {argv: ['--label', 'ci']},
  'token:list': {argv: []},
  'token:log': {argv: []},
  'token:revoke': {argv: ['ci']},
  'token:rotate': {argv: ['ci']},
  'token:resume': {argv: ['ci']},
  'token:show': {argv: ['ci']},
  'token:suspend': {argv: ['ci']},
  'trusted-publisher:add': {argv: ['@ada/tool', '--github', 'ada/tool', '--workflow', 'publish.yml']},
  'trusted-publisher:list': {argv: []},
  'trusted-publisher:remove': {argv: ['0123456789abcdef']},
  'trusted-publisher:require': {argv: ['@ada/*']},
  update: {argv: []},
  verify: {argv: []},
  whoami: {argv: []},
}

/** The commands that report a refusal in their result, or send nothing in this project. */
const toleratingRefusals = ['doctor', 'logout', 'remove', 'trust:keys', 'unlink']

/** A registry that refuses every request, a home directory with a key, and a package with a locked dependency. */
async function refusingWorld(t: TestContext): Promise<{url: string; folder: string; home: string}> {
  const {reason, status, requestId} = refusal
  const server = createServer((request, response) => {
    request.resume()
    const error = {code: reason, message: 'You need another scope', details: [], requestId}
    response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify({error}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const home = await tempFolder(t)
  const integrity = `sha256-${Buffer.alloc(32).toString('base64')}`
  const entry = {version: '1.0.0', resolved: '', integrity, dependencies: {}, type: 'skill', optional: false}
  const folder = await makeTree(t, {
    'apkg.json': JSON.stringify({
      ...{name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool', license: 'MIT'},
      dependencies: {'@ada/base': '^1.0.0'},
    }),
    'apkg-lock.json': JSON.stringify({
      ...{lockfileVersion: 1, requires: true, resolved: '2027-01-01T00:00:00+00:00'},
      packages: {'@ada/base@1.0.0': entry},
    }),
    'SKILL.md': '---\nname: tool\ndescription: A tool\n---\nRead.\n',
  })
  assert.equal((await run('key:generate', ['--name', 'laptop'], {home})).exitCode, 0)
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, folder, home}
}

/** The IDs of the commands of the CLI that can send requests. */
async function registryCommands(): Promise<string[]> {
  const sending: string[] = []
  for (const id of commandIds) {
    const found = loaded.get(id)
    if (found && (await found.command.load()).prototype instanceof RegistryCommand) sending.push(id)
  }
  return sending.sort()
}

/** Runs every command successfully, at least once for each shape of its result. */
async function* story(t: TestContext): AsyncGenerator<[id: string, exitCode: number, stdout: string]> {
  const registry = await startRegistry(t)
  const npm = await startNpmRegistry(t, (_request, response) => response.end('{"latest":"99.0.0"}'))
  const home = await tempFolder(t)
  await registry.addOrganization('crew', {[await registry.addUser('ada')]: 'admin'})
  await registry.addUser('pat')
  const env = {APKG_REGISTRY: registry.url, npm_config_registry: npm.url, SHELL: '/bin/bash', PATH: '/usr/bin'}
  const folder = async (name: string, files: Record<string, object | string> = {}) => {
    await mkdir(path.join(home, name))
    for (const [file, content] of Object.entries(files)) {
      await writeFile(path.join(home, name, file), typeof content === 'string' ? content : JSON.stringify(content))
    }
    return path.join(home, name)
  }
  const author = await folder('tool', {'skill.md': '# A skill\n', 'README.md': '# A tool\n'})
  const project = await folder('project', {
    'apkg.json': {name: '@ada/project', version: '1.0.0', type: 'project', dependencies: {'@ada/other': '^1.0.0'}},
  })

  async function* steps(all: readonly Step[], shared: Partial<World>) {
    for (const [line, world] of all) {
      const words = line.split(' ')
      const count = words.findLastIndex((_, index) => loaded.has(words.slice(0, index + 1).join(':'))) + 1
      const id = words.slice(0, count).join(':')
      const outcome = await run(id, words.slice(count), {home, env, now: registry.clock.now, ...shared, ...world})
      yield [id, outcome.exitCode, outcome.stdout] satisfies [string, number, string]
    }
  }

  yield* steps(
    [
      ['start'],
      ['complete token'],
      ['completions fish'],
      ['autocomplete --yes'],
      ['add-to-path'],
      ['check-update'],
      ['config set symlinkClaudeMd true'],
      ['config get symlinkClaudeMd'],
      ['config list'],
      ['config delete symlinkClaudeMd'],
      ['trust add @acme https://registry.example.com'],
      ['trust accept --undo'],
      ['trust set signatures warn'],
      ['trust set setupTransitive true'],
      ['trust remove @acme'],
      ['login --username ada --password-stdin', {stdin: password}],
      ['whoami'],
      ['doctor'],
      ['session list'],
      ['session revoke --all --except-current --yes'],
      ['org member add crew pat --role publisher'],
      ['org member list crew'],
      ['org member remove crew pat'],
      ['token create --label ci --expires 30d'],
      ['token list'],
      ['token rotate ci'],
      ['token show ci'],
      ['token suspend ci --reason test'],
      ['token resume ci'],
      ['token can publish @ada/tool --for 20m'],
      ['token log ci --since 7d'],
      ['token revoke ci'],
      [
        `token revoke --values-stdin --registry ${registry.url}`,
        {stdin: 'TOKEN=apkgt_000000000000000000000000000000002pAAls'},
      ],
      ['trusted-publisher add @ada/tool --github ada/tool --workflow publish.yml'],
      ['trusted-publisher list'],
      ['trusted-publisher require @ada/*'],
      ['trusted-publisher require @ada/* --undo'],
      ['key generate --name laptop'],
      ['key register'],
      ['key register'],
      ['key list'],
      ['key list --local'],
    ],
    {},
  )
  yield* steps(
    [
      ['init --name @ada/tool --type skill --target claude-code --package-version 1.0.0 --yes'],
      ['lint'],
      ['pack --dry-run'],
      ['pack'],
      ['publish --dry-run'],
      ['publish'],
      ['publish'],
      ['dist-tag add @ada/tool@1.0.0 stable'],
      ['dist-tag ls @ada/tool'],
      ['dist-tag rm @ada/tool stable'],
      ['version 1.0.1 --no-git'],
    ],
    {cwd: author},
  )
  const session = await sessionOf(registry.url, 'ada', password)
  yield* steps([[`trusted-publisher remove ${await trustedPublisherId(registry.url, session)}`]], {})
  const other = {name: '@ada/other', files: {'skill.md': '# Another skill\n'}}
  await publishPackage(registry.url, session, other)
  yield* steps([['install --setup claude-code'], ['add @ada/tool --setup claude-code']], {cwd: project})
  await publishPackage(registry.url, session, {...other, version: '1.1.0'})
  yield* steps(
    [
      ['trust list'],
      [`trust keys --registry ${registry.url}`],
      ['list'],
      ['why @ada/other'],
      ['outdated'],
      ['update --dry-run'],
      ['update'],
      ['ci'],
      ['verify'],
      ['audit signatures'],
      ['setup --setup claude-code'],
      ['setup --check --setup claude-code'],
      [`link ${author}`],
      ['link', {cwd: author}],
      ['list'],
      ['install'],
      ['unlink @ada/tool'],
      ['unlink', {cwd: author}],
      ['remove @ada/tool'],
      ['info @ada/tool'],
      ['search tool'],
      ['deprecate @ada/tool@1.0.0 unmaintained'],
      ['deprecate @ada/tool --undo'],
      ['yank @ada/tool@1.0.0'],
      ['yank @ada/tool@1.0.0 --undo'],
      ['cache list'],
      ['cache verify'],
      ['cache clean'],
      ['key rotate --key laptop --name desktop'],
      ['key revoke --key desktop --reason superseded --yes'],
      ['logout'],
      ['logout'],
    ],
    {cwd: project},
  )
  const data = `--data ${registry.folder}`
  const backup = path.join(home, 'backup')
  const restored = path.join(home, 'restored')
  const newPassword = {stdin: 'another horse battery'}
  yield* steps(
    [
      [`registry user add bob --email bob@example.com --password-stdin ${data}`, newPassword],
      [`registry user passwd bob --password-stdin ${data}`, newPassword],
      [`registry user mfa bob ${data}`],
      [`registry user disable bob ${data}`],
      [`registry user enable bob ${data}`],
      [`registry user reset bob --public-url http://127.0.0.1:4873 ${data}`],
      [`registry invite kim --email kim@example.com --public-url http://127.0.0.1:4873 ${data}`],
      [`registry user revoke-all ada --yes ${data}`],
      [`registry user list ${data}`],
      [`registry operator add bob ${data}`],
      [`registry operator list ${data}`],
      [`registry operator remove bob ${data}`],
      [`registry org create acme ${data}`],
      [`registry org add acme bob ${data}`],
      [`registry org list ${data}`],
      [`registry org remove acme bob ${data}`],
      [`registry user remove bob --yes ${data}`],
      [`registry key list ${data}`],
      [`registry key rotate --reason superseded ${data}`],
      [`registry takedown @ada/tool@1.0.0 --reason Stolen --yes ${data}`],
      [`registry audit ${data}`],
      [`registry audit verify ${data}`],
      [`registry policy get ${data}`],
      [`registry policy set max-tokens 500 ${data}`],
      [`registry recovered ${data}`],
    ],
    {},
  )
  const value = await createToken(registry.url)
  yield* steps(
    [
      [`registry token list ${data}`],
      [`registry token identify ${data}`, {stdin: value}],
      [`registry token create --user ada --label made ${data}`],
      [`registry token suspend --user ada --yes ${data}`],
      [`registry token revoke --user ada --dry-run ${data}`],
      [`registry token resume --all --yes ${data}`],
      [`registry backup ${backup} ${data}`],
      [`registry restore ${backup} --verify`],
      [`registry restore ${backup} --data ${restored}`],
      [`registry move --data ${restored} --to-data ${restored}-moved --yes`],
      [`registry token suspended --data ${restored}-moved`],
      [`registry token resume --all --yes --data ${restored}-moved`],
    ],
    {},
  )
  yield ['registry:serve', 0, await serve(t, path.join(home, 'served'))]
}

/** Returns the ID of Ada's trusted publisher. */
async function trustedPublisherId(registry: string, session: string): Promise<string> {
  const headers = {authorization: `Bearer ${session}`}
  const response = await fetch(`${registry}/auth/trusted-publishers`, {headers})
  return ((await response.json()) as {publishers: {id: string}[]}).publishers[0]?.id ?? ''
}

/** Creates a token of Ada's through the protocol, and returns its value. */
async function createToken(registry: string): Promise<string> {
  const response = await fetch(`${registry}/auth/tokens`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await sessionOf(registry, 'ada', password)}`,
    },
    body: JSON.stringify({name: 'ci', scopes: ['read'], expiresIn: '30d'}),
  })
  assert.equal(response.status, 201)
  return ((await response.json()) as {token: string}).token
}

/** Starts a registry as a process, and returns the line that it prints once it serves. */
async function serve(t: TestContext, data: string): Promise<string> {
  const args = [path.join(checkout, 'bin/dev.js'), 'registry', 'serve', '--port', '0', '--data', data, '--json']
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
  t.after(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  assertDocumented('registry:serve', line)
  return line
}
