import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {canonicalRegistry} from '@apkg/command-kit'
import {Plugin, type Command} from '@oclif/core'

import Install from '../../src/commands/install.js'
import {exampleLines, shellWords} from '../support/examples.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import {repository} from '../support/repository.js'
import type {Outcome, runCommand} from '../support/run-command.js'

/** Commands that need the network. All others work offline, or fail for another reason. */
const needsNetwork = new Set([
  ...['login', 'whoami', 'token:create', 'token:list', 'token:revoke', 'token:rotate'],
  ...['token:can', 'token:log', 'token:resume', 'token:show', 'token:suspend', 'session:list', 'session:revoke'],
  ...['org:member:add', 'org:member:list', 'org:member:remove'],
  ...['trusted-publisher:add', 'trusted-publisher:list', 'trusted-publisher:remove', 'trusted-publisher:require'],
  ...['publish', 'deprecate', 'yank', 'dist-tag:add', 'dist-tag:rm', 'search', 'check-update'],
  ...['key:register', 'key:list', 'key:revoke', 'key:rotate'],
])

const commands = await ownCommands()

/** A project with installed and cached packages, a key, and a session at a registry that has received no requests yet. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/code-review'})
  const project = await startProject(t, registry.url, {'@acme/code-review': '^1.0.0'})
  await project.succeed(Install)
  await project.succeed(await load('key:generate'), ['--name', 'laptop'])
  const manifest = {...(await project.manifest()), type: 'skill', origin: 'codex', targets: ['codex']}
  await writeFile(project.at('apkg.json'), JSON.stringify(manifest))
  await writeFile(project.at('SKILL.md'), '# A skill\n')
  const session = {
    registry: canonicalRegistry(registry.url, 'test'),
    accessToken: 'a',
    refreshToken: 'r',
    username: 'ada',
  }
  await mkdir(path.join(project.home, '.apkg'), {recursive: true})
  await writeFile(path.join(project.home, '.apkg/credentials.json'), JSON.stringify(session), {mode: 0o600})
  registry.requests.length = 0
  return {registry, project}
}

describe('--offline', () => {
  for (const command of commands) {
    const {id} = command
    const outcome = needsNetwork.has(id) ? 'refuses' : 'runs'
    it(`--offline: ${id.replaceAll(':', ' ')} ${outcome} without a connection`, async (t) => {
      const {registry, project} = await start(t)
      const [line = ''] = exampleLines(command)
      const [, words = ''] = line.split(`apkg ${id.replaceAll(':', ' ')}`)
      const argv = ['--offline', '--json', ...shellWords(words)]
      const env = {npm_config_registry: registry.url}
      // An unexpected prompt fails the test. Commands that need the network get a terminal, to show that they do not prompt.
      const world = {env, terminal: needsNetwork.has(id), stdin: 'secret'}
      const done = await project.run(await load(id), argv, world)
      assert.deepEqual(registry.requests, [])
      const code = errorCodeOf(done)
      if (needsNetwork.has(id)) assert.deepEqual([done.exitCode, code], [5, 'OFFLINE'])
      else assert.ok(code !== 'OFFLINE' && code !== 'UNEXPECTED' && ![4, 5].includes(done.exitCode), done.stdout)
    })
  }

  for (const [id, argv, purpose] of [
    ['token:create', [], 'create an API token'],
    ['token:create', ['--label', 'ci'], 'create an API token'],
    ['token:revoke', [], 'revoke API tokens'],
    ['token:revoke', ['ci'], 'revoke API tokens'],
    ['token:revoke', ['--current'], 'revoke API tokens'],
    ['key:revoke', ['laptop', '--reason', 'superseded'], 'revoke a signing key'],
  ] as const) {
    it(`--offline: the error names the purpose, ${purpose}: ${[id, ...argv].join(' ')}`, async (t) => {
      const {project} = await start(t)
      const {stderr} = await project.run(await load(id), ['--offline', ...argv], {terminal: true})
      assert.match(stderr, new RegExp(`^Error: Offline mode: cannot ${purpose}\\n`))
    })
  }

  it('--offline: without it, the same command makes a request', async (t) => {
    const {registry, project} = await start(t)
    await project.succeed(await load('info'), ['@acme/code-review'])
    assert.deepEqual(registry.requests, ['GET /packages/@acme/code-review'])
  })
})

async function ownCommands(): Promise<Command.Loadable[]> {
  const plugin = new Plugin({root: repository, ignoreManifest: true})
  await plugin.load()
  return plugin.commands.sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function load(id: string): Promise<Parameters<typeof runCommand>[0]> {
  const command = commands.find((each) => each.id === id)
  assert.ok(command, `command ${id} not found`)
  return (await command.load()) as never
}

/** @returns undefined if the command succeeded. */
function errorCodeOf({stdout}: Outcome): string | undefined {
  return stdout === '' ? undefined : (JSON.parse(stdout) as {error?: {code: string}}).error?.code
}
