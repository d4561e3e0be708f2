import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine, Terminal} from '../support/machine.js'
import {makeTree} from '../support/make-tree.js'
import {password, startRegistry} from '../support/registry.js'

/** A binary of the original client, which isn't part of this project. */
const client = process.env['TEST_ORIGINAL_CLIENT']

/** Runs the original client without a terminal. */
async function run(
  machine: Machine,
  args: string[],
  {env = {}, cwd = machine.home}: {env?: NodeJS.ProcessEnv; cwd?: string} = {},
) {
  const child = spawn(client ?? '', args, {cwd, env: machine.environment(env), stdio: ['ignore', 'pipe', 'pipe']})
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  return {stdout, stderr, exitCode}
}

/** Ada is logged in with the original client. */
async function loggedIn(t: TestContext) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const machine = await Machine.start(t)
  const env = {APKG_REGISTRY: registry.url}
  const terminal = new Terminal(['login'], machine.environment({...env, TERM: 'xterm'}), machine.home, [client ?? ''])
  await terminal.see('Username')
  terminal.type('ada\r')
  await terminal.see('Password')
  terminal.type(`${password}\r`)
  assert.equal(await terminal.ended, 0, terminal.text)
  const original = async (args: string[], options: {env?: NodeJS.ProcessEnv; cwd?: string} = {}) => {
    const outcome = await run(machine, args, {...options, env: {...env, ...options.env}})
    assert.equal(outcome.exitCode, 0, `${args.join(' ')}: ${outcome.stderr}`)
    return outcome
  }
  return {registry, machine, env, original, shown: terminal.text}
}

/** The directory of a package, with the manifest that the original client requires. */
function packageFolder(t: TestContext, version = '1.0.0'): Promise<string> {
  const manifest = {
    ...{name: '@ada/tool', version, type: 'skill', description: 'A tool', license: 'MIT'},
    ...{origin: 'claude-code', targets: ['claude-code'], visibility: 'public'},
  }
  const skill = '---\nname: tool\ndescription: A tool\n---\nRead.\n'
  return makeTree(t, {'apkg.json': JSON.stringify(manifest), 'SKILL.md': skill})
}

if (client !== undefined) {
  describe('the original client', () => {
    it('original client: logs in, and apkg uses the stored login', async (t) => {
      const {machine, env, original, shown} = await loggedIn(t)
      assert.match(shown, /Logged in as ada/)
      const who = await original(['whoami'])
      assert.match(who.stdout + who.stderr, /ada@example\.com/)
      const ours = await machine.apkg(['whoami', '--json'], {env})
      assert.deepEqual([ours.exitCode, (JSON.parse(ours.stdout) as {username: string}).username], [0, 'ada'])
      await original(['logout'])
      assert.equal((await machine.apkg(['whoami'], {env})).exitCode, 4)
    })

    it('original client: reads a login that apkg stored', async (t) => {
      const {registry, machine, env, original} = await loggedIn(t)
      await original(['logout'])
      const login = ['login', '--registry', registry.url, '--username', 'ada', '--password-stdin']
      assert.equal((await machine.apkg(login, {input: password})).exitCode, 0)
      assert.match((await original(['whoami'], {env})).stdout, /ada/)
    })

    it('original client: creates, lists, uses and revokes tokens', async (t) => {
      const {registry, machine, env, original} = await loggedIn(t)
      const create = ['token', 'create', '--name', 'ci', '--scopes', 'read,publish', '--expires-in', '30d']
      const {stdout} = await original(create)
      const [value = ''] = /apkgt_\w+/.exec(stdout) ?? []
      assert.notEqual(value, '')
      const job = await Machine.start(t)
      const used = await run(job, ['whoami'], {env: {...env, APKG_TOKEN: value}})
      assert.equal(used.exitCode, 0, used.stderr)
      assert.equal((await job.apkg(['whoami'], {env: {...env, APKG_TOKEN: value}})).exitCode, 0)

      const listed = JSON.parse((await original(['token', 'list', '--json'])).stdout) as {
        tokens: {id: string; name: string; lastUsed: string | null}[]
      }
      const [token] = listed.tokens
      assert.deepEqual([listed.tokens.length, token?.name, token?.lastUsed === null], [1, 'ci', false])
      assert.match((await original(['token', 'list'])).stdout, /ci/)
      const ours = JSON.parse((await machine.apkg(['token', 'list', '--json'], {env})).stdout) as typeof listed
      assert.deepEqual(
        ours.tokens.map(({id}) => id),
        [token?.id],
      )

      const revoked = await original(['token', 'revoke', token?.id ?? ''])
      assert.match(revoked.stderr, /Revoked API token/)
      assert.deepEqual(await registry.liveTokens(), [])
      const refused = await run(job, ['whoami'], {env: {...env, APKG_TOKEN: value}})
      assert.notEqual(refused.exitCode, 0)
      assert.match(refused.stderr, /revoked/)
    })

    it('original client: lists and revokes tokens that apkg created, also those that never expire', async (t) => {
      const {registry, machine, env, original} = await loggedIn(t)
      const argv = ['token', 'create', '--label', 'forever', '--package', '@ada/*', '--ip', '127.0.0.1', '--note', 'x']
      const created = await machine.apkg(argv, {env})
      assert.equal(created.exitCode, 0, created.stderr)
      const {tokens} = JSON.parse((await original(['token', 'list', '--json'])).stdout) as {tokens: {id: string}[]}
      await original(['token', 'revoke', tokens[0]?.id ?? ''])
      assert.deepEqual(await registry.liveTokens(), [])
    })

    it('original client: publishes with a token, and both clients install the package', async (t) => {
      const {machine, env, original} = await loggedIn(t)
      const value = (await machine.apkg(['token', 'create', '--label', 'ci'], {env})).stdout.trim()
      const job = await Machine.start(t)
      const withToken = {...env, APKG_TOKEN: value}
      const published = await run(job, ['publish'], {env: withToken, cwd: await packageFolder(t)})
      assert.equal(published.exitCode, 0, published.stderr)
      assert.match(published.stderr, /Published @ada\/tool@1\.0\.0/)
      const ours = await job.apkg(['publish'], {env: withToken, cwd: await packageFolder(t, '1.1.0')})
      assert.equal(ours.exitCode, 0, ours.stderr)

      assert.match((await original(['info', '@ada/tool'])).stdout, /1\.1\.0/)
      const found = await original(['search', 'tool'])
      assert.match(found.stdout, /@ada\/tool/)
      for (const version of ['1.0.0', '1.1.0']) {
        const name = `@ada/tool@${version}`
        const folder = path.join(machine.home, `original-${version}`)
        await mkdir(folder)
        await original(['install', name, '--no-setup'], {cwd: folder})
        const text = await readFile(path.join(folder, 'apkg_packages/@ada/tool/SKILL.md'), 'utf8')
        assert.match(text, /Read\./)
      }
    })

    it('original client: the lockfile of each client is installed by the other', async (t) => {
      const {machine, env, original} = await loggedIn(t)
      const published = await machine.apkg(['publish'], {env, cwd: await packageFolder(t)})
      assert.equal(published.exitCode, 0, published.stderr)
      const manifest = JSON.stringify({
        ...{name: '@ada/project', version: '1.0.0', type: 'project', description: 'x', license: 'MIT'},
        ...{visibility: 'public', dependencies: {'@ada/tool': '^1.0.0'}},
      })
      const installed = async (folder: string) =>
        assert.match(await readFile(path.join(folder, 'apkg_packages/@ada/tool/SKILL.md'), 'utf8'), /Read\./)
      const [theirs, ours] = [await makeTree(t, {'apkg.json': manifest}), await makeTree(t, {'apkg.json': manifest})]
      await original(['install', '--no-setup'], {cwd: theirs})
      assert.equal((await machine.apkg(['install', '--no-setup'], {env, cwd: ours})).exitCode, 0)
      for (const [from, install] of [
        [theirs, (cwd: string) => machine.apkg(['install', '--frozen-lockfile', '--no-setup'], {env, cwd})],
        [ours, (cwd: string) => original(['install', '--frozen-lockfile', '--no-setup'], {cwd})],
      ] as const) {
        const folder = await makeTree(t, {'apkg.json': manifest})
        await writeFile(path.join(folder, 'apkg-lock.json'), await readFile(path.join(from, 'apkg-lock.json')))
        const {exitCode, stderr} = await install(folder)
        assert.equal(exitCode, 0, stderr)
        await installed(folder)
      }
    })

    it('original client: tags and deprecates versions', async (t) => {
      const {machine, env, original} = await loggedIn(t)
      assert.equal((await machine.apkg(['publish'], {env, cwd: await packageFolder(t)})).exitCode, 0)
      await original(['dist-tag', 'add', '@ada/tool@1.0.0', 'stable'])
      assert.match((await original(['dist-tag', 'ls', '@ada/tool'])).stdout, /stable/)
      await original(['dist-tag', 'rm', '@ada/tool', 'stable'])
      await original(['deprecate', '@ada/tool@1.0.0', 'old'])
      await original(['deprecate', '@ada/tool@1.0.0', '--undo'])
    })

    it('original client: generates, registers and lists a signing key', async (t) => {
      const {original} = await loggedIn(t)
      const {stdout, stderr} = await original(['key', 'generate', '--name', 'laptop'])
      const [id = ''] = /SHA256:[\w+/=]+/.exec(stdout + stderr) ?? []
      await original(['key', 'register', '--key-id', id, '--name', 'laptop'])
      const listed = await original(['key', 'list'])
      assert.match(listed.stdout, /laptop/)
    })
  })
}
