import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import {Config} from '@oclif/core'

import type {ShadowedSource} from '../src/credentials/resolve-credential.js'
import {selectSources, selectedSources, type AuthPolicy} from '../src/credentials/selection.js'
import type {CredentialSource} from '../src/credentials/source.js'
import {Secret} from '../src/credentials/secret.js'
import type {Ports} from '../src/ports/ports.js'
import {RegistryCommand} from '../src/registry-command.js'
import {runCommand, type World} from '../src/testing/index.js'
import {tempHome, type TempHome} from './support/temp-home.js'

const config = await Config.load({root: new URL('../../..', import.meta.url).pathname, ignoreManifest: true})

interface Found {
  registry: string
  source: string | null
  shadowed: ShadowedSource[]
}

/** A command that prints the source of its credential. */
function probe(policy: AuthPolicy) {
  return class Probe extends RegistryCommand<Found> {
    static override readonly auth = policy

    async run(): Promise<Found> {
      const {flags} = await this.parse(Probe)
      const {client, shadowed} = await this.connect(flags)
      const result = {registry: client.registry, source: client.credential?.source ?? null, shadowed: await shadowed()}
      return this.show(result, `${result.source ?? 'anonymous'}\n`)
    }
  }
}

function source(name: string, value?: string): CredentialSource {
  return {
    name,
    find: () => Promise.resolve(value === undefined ? undefined : {secret: new Secret(value), source: name}),
  }
}

async function run(t: TestContext, policy: AuthPolicy, argv: string[], world: Partial<World> = {}) {
  const home = world.home ?? (await tempHome(t)).path
  const {stdout, stderr, exitCode} = await runCommand(probe(policy), argv, config, {...world, home})
  return {stdout, stderr, exitCode}
}

const none = {sources: [source('one')]}
const two = {sources: [source('one', 'first'), source('two', 'second')]}
const required = `Error: Authentication required: no credential for https://api.apkg.ai
  hint: run \`apkg login\`
  hint: set APKG_TOKEN to an API token, or APKG_TOKEN__API_APKG_AI for this registry only
`

describe('a registry command', () => {
  for (const [what, policy, argv, world, expected] of [
    ['uses the first credential', 'required', [], two, {stdout: 'one\n', stderr: '', exitCode: 0}],
    ['fails without a required credential', 'required', [], none, {stdout: '', stderr: required, exitCode: 4}],
    [
      'is anonymous without an optional credential',
      'optional',
      [],
      none,
      {stdout: 'anonymous\n', stderr: '', exitCode: 0},
    ],
    ['uses an optional credential', 'optional', [], two, {stdout: 'one\n', stderr: '', exitCode: 0}],
    ['looks for no credential if it needs none', 'none', [], two, {stdout: 'anonymous\n', stderr: '', exitCode: 0}],
    [
      'looks for no credential offline',
      'required',
      ['--offline'],
      two,
      {stdout: 'anonymous\n', stderr: '', exitCode: 0},
    ],
  ] as const) {
    it(`registry command: ${what}`, async (t) => {
      assert.deepEqual(await run(t, policy, [...argv], world), expected)
    })
  }

  it('registry command: hints name the registry if commands would otherwise use another one', async (t) => {
    for (const world of [
      {env: {APKG_REGISTRY: 'https://r.example'}},
      {env: {APKG_REGISTRY: 'https://other.example'}},
    ]) {
      const {stderr} = await run(t, 'required', ['--registry', 'https://r.example'], {...none, ...world})
      assert.match(stderr, /\n {2}hint: run `apkg login --registry https:\/\/r\.example`\n/)
    }
    const home = await tempHome(t)
    await home.write('config.json', '{"registry": "https://r.example/"}')
    const {stderr} = await run(t, 'required', ['--registry', 'https://r.example'], {...none, home: home.path})
    assert.match(stderr, /\n {2}hint: run `apkg login`\n/)
  })

  it('registry command: lists the sources that its credential takes precedence over', async (t) => {
    const {stdout} = await run(t, 'required', ['--json', '--registry', 'HTTPS://R.example/'], two)
    assert.deepEqual(JSON.parse(stdout), {registry: 'https://r.example', source: 'one', shadowed: [{source: 'two'}]})
  })

  it('registry command: notes only once that APKG_TOKEN is for another registry', async (t) => {
    const env = {APKG_TOKEN: 'apkg_s3cr3t', APKG_TOKEN_REGISTRY: 'https://b.example'}
    assert.deepEqual(await run(t, 'optional', [], {env}), {
      stdout: 'anonymous\n',
      stderr: 'APKG_TOKEN is for https://b.example (APKG_TOKEN_REGISTRY) and is not used for https://api.apkg.ai.\n',
      exitCode: 0,
    })
  })

  const selections = [
    ['--registry', ['--registry', 'https://r.example'], {}],
    ['APKG_REGISTRY', [], {APKG_REGISTRY: 'https://r.example'}],
  ] as const

  for (const [what, damage] of [
    ['is damaged', (home: TempHome) => home.write('config.json', '{"registry": "https://x.exam')],
    ['is a directory', (home: TempHome) => mkdir(home.file('config.json'), {recursive: true})],
  ] as const) {
    const messageFor = (home: TempHome) =>
      what === 'is damaged'
        ? `${home.file('config.json')} is damaged: it is not JSON. It was left unchanged`
        : `Cannot read ${home.file('config.json')}: it is a directory`

    for (const [name, argv, env] of selections) {
      it(`registry command: warns about a configuration that ${what} if ${name} selects the registry`, async (t) => {
        const home = await tempHome(t)
        await damage(home)
        const world = {...two, env, home: home.path}
        assert.deepEqual(await run(t, 'required', ['--json', ...argv], world), {
          stdout: `${JSON.stringify({registry: 'https://r.example', source: 'one', shadowed: [{source: 'two'}]}, null, 2)}\n`,
          stderr: `Warning: ${messageFor(home)}. Its settings are not used.\n`,
          exitCode: 0,
        })
      })
    }

    it(`registry command: fails with a configuration that ${what} if nothing else selects the registry`, async (t) => {
      const home = await tempHome(t)
      await damage(home)
      const {stdout, stderr, exitCode} = await run(t, 'required', [], {...two, home: home.path})
      const [first] = stderr.split('\n')
      assert.deepEqual([stdout, first, exitCode], ['', `Error: ${messageFor(home)}`, 1])
    })
  }

  for (const home of ['', 'relative/home', '.', '~']) {
    const message = `The home directory \`${home}\` is not an absolute path, so ~/.apkg cannot be located`

    for (const [name, argv, env] of selections) {
      it(`registry command: warns about the home directory ${JSON.stringify(home)} if ${name} selects the registry`, async (t) => {
        assert.deepEqual(await run(t, 'required', [...argv], {...two, env, home}), {
          stdout: 'one\n',
          stderr: `Warning: ${message}. Its settings are not used.\n`,
          exitCode: 0,
        })
      })
    }

    it(`registry command: fails with the home directory ${JSON.stringify(home)} if nothing else selects the registry`, async (t) => {
      assert.deepEqual(await run(t, 'required', [], {...two, home}), {
        stdout: '',
        stderr: `Error: ${message}\n  hint: set HOME to the absolute path of your home directory\n`,
        exitCode: 1,
      })
    })
  }

  it('registry command: fails with a blank APKG_REGISTRY, even if the configuration is damaged too', async (t) => {
    const home = await tempHome(t)
    await home.write('config.json', '')
    const {stdout, stderr, exitCode} = await run(t, 'required', [], {
      ...two,
      env: {APKG_REGISTRY: ' '},
      home: home.path,
    })
    const warning = `Warning: ${home.file('config.json')} is damaged: it is empty. It was left unchanged. Its settings are not used.\n`
    const error =
      'Error: APKG_REGISTRY is set but blank\n  hint: set APKG_REGISTRY to the URL of a registry, or unset it\n'
    assert.deepEqual([stdout, stderr, exitCode], ['', warning + error, 2])
  })

  it('registry command: treats the configuration as empty if ~/.apkg is a file', async (t) => {
    const home = await tempHome(t)
    await writeFile(home.file(''), 'a file')
    assert.deepEqual(await run(t, 'required', [], {...two, home: home.path}), {
      stdout: 'one\n',
      stderr: '',
      exitCode: 0,
    })
  })

  it('registry command: escapes control characters in JSON', async (t) => {
    const hostile = {sources: [source('on\u001Be\u202E', 'first')]}
    const {stdout} = await run(t, 'required', ['--json'], hostile)
    assert.equal(stdout.split('\n')[2], '  "source": "on\\u001be\\u202e",')
  })

  it('registry command: fails instead of being anonymous if no sources were selected', async (t) => {
    const {path} = await tempHome(t)
    const stderr: string[] = []
    let exit = 0
    const output = (lines: string[]) => ({
      isTerminal: false,
      hasColors: false,
      columns: 80,
      discards: false,
      isFile: false,
      write: (text: string) => Promise.resolve(void lines.push(text)),
    })
    const ports: Ports = {
      stdin: {isTerminal: false, readAll: () => Promise.reject(new Error('read'))},
      stdout: output([]),
      stderr: output(stderr),
      prompts: {
        text: () => Promise.reject(new Error('unexpected prompt')),
        password: () => Promise.reject(new Error('unexpected prompt')),
        choose: () => Promise.reject(new Error('unexpected prompt')),
        select: () => Promise.reject(new Error('unexpected prompt')),
        confirm: () => Promise.reject(new Error('unexpected prompt')),
      },
      env: {APKG_TOKEN: 'apkg_s3cr3t'},
      cwd: path,
      home: path,
      host: {user: 'ada', name: 'engine'},
      now: () => new Date(),
      interrupted: new AbortController().signal,
      setExitCode: (code) => (exit = code),
    }
    for (const policy of ['required', 'optional'] as const) {
      const Unselected = class extends probe(policy) {
        static override readonly ports = ports
      }
      await assert.rejects(Unselected.run([], config), {code: 'SOURCES_UNSELECTED', exitCode: 4})
    }
    const line = 'Error: Cannot select a credential source: the command was not started by apkg\n'
    assert.deepEqual(
      stderr.map((text) => text.startsWith(line)),
      [true, true],
    )
    assert.equal(exit, 4)
  })
})

describe('selectSources', () => {
  it('selectSources: stores the sources on a single command, under a symbol that every copy of the kit finds', () => {
    const [selected, unselected] = [probe('none'), probe('none')]
    const sources = [source('one')]
    selectSources(selected, sources)
    assert.equal(selectedSources(selected), sources)
    assert.equal((selected as unknown as Record<symbol, unknown>)[Symbol.for('apkg.credential-sources')], sources)
    assert.equal(selectedSources(unselected), undefined)
    assert.deepEqual(Object.keys(selected), Object.keys(unselected), 'the property is not enumerable')
  })

  it('selectSources: replaces an earlier selection', () => {
    const command = probe('none')
    selectSources(command, [])
    const sources = [source('one')]
    selectSources(command, sources)
    assert.equal(selectedSources(command), sources)
  })
})
