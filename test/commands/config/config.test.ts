import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {toolNames} from '@apkg/wire'

import ConfigDelete from '../../../src/commands/config/delete.js'
import ConfigGet from '../../../src/commands/config/get.js'
import ConfigList from '../../../src/commands/config/list.js'
import ConfigSet from '../../../src/commands/config/set.js'
import {config as oclif} from '../../support/oclif-config.js'
import {runCommand} from '../../support/run-command.js'

const commands = {set: ConfigSet, get: ConfigGet, list: ConfigList, delete: ConfigDelete}

/** A home directory with these settings. */
class Settings {
  constructor(readonly home: string) {}

  get file(): string {
    return path.join(this.home, '.apkg/config.json')
  }

  /** @returns undefined if the file does not exist. */
  read(): Promise<string | undefined> {
    return readFile(this.file, 'utf8').catch(() => undefined)
  }

  async run(name: keyof typeof commands, ...argv: string[]) {
    const {stdout, stderr, exitCode} = await runCommand(commands[name], argv, oclif, {home: this.home})
    return {stdout, stderr, exitCode}
  }
}

async function settings(t: TestContext, content?: string): Promise<Settings> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  const made = new Settings(home)
  if (content !== undefined) {
    await mkdir(path.dirname(made.file))
    await writeFile(made.file, content)
  }
  return made
}

const pretty = (content: unknown) => JSON.stringify(content, null, 2)

/** In the original client's format. */
const original = `${pretty({
  registry: 'https://registry.apkg.ai/api/v1',
  services: {auth: 'https://auth.example.com', mfa: 'https://mfa.example.com'},
  defaultSetup: {cursor: false, 'claude-code': true},
  symlinkClaudeMd: false,
})}\n`

describe('config set', () => {
  for (const [what, before, key, value, shown, after] of [
    [
      'creates the file',
      undefined,
      'registry',
      'https://R.example/',
      'https://r.example',
      {registry: 'https://r.example'},
    ],
    [
      'changes one setting, and keeps the others and unknown keys',
      pretty({registry: 'https://r.example', 'a.b': {c: 1}, symlinkClaudeMd: true}),
      'symlinkClaudeMd',
      'false',
      'false',
      {registry: 'https://r.example', 'a.b': {c: 1}, symlinkClaudeMd: false},
    ],
    ['accepts 1 as true', undefined, 'defaultSetup.cursor', '1', 'true', {defaultSetup: {cursor: true}}],
    ['accepts 0 as false', undefined, 'defaultSetup.kiro', '0', 'false', {defaultSetup: {kiro: false}}],
    [
      'redirects a service',
      undefined,
      'services.token',
      'http://localhost:1/x/',
      'http://localhost:1/x',
      {services: {token: 'http://localhost:1/x'}},
    ],
    [
      'accepts the current registry despite service overrides',
      pretty({registry: 'https://r.example/', services: {auth: 'https://a.example'}}),
      'registry',
      'https://r.example',
      'https://r.example',
      {registry: 'https://r.example', services: {auth: 'https://a.example'}},
    ],
    [
      'accepts the default registry despite service overrides',
      pretty({services: {auth: 'https://a.example'}}),
      'registry',
      'https://api.apkg.ai',
      'https://api.apkg.ai',
      {registry: 'https://api.apkg.ai', services: {auth: 'https://a.example'}},
    ],
    [
      'replaces an invalid registry',
      pretty({registry: 'http://plain.example.com'}),
      'registry',
      'https://r.example',
      'https://r.example',
      {registry: 'https://r.example'},
    ],
  ] as const) {
    it(`config set: ${what}`, async (t) => {
      const text = await settings(t, before)
      assert.deepEqual(await text.run('set', key, value), {stdout: '', stderr: `Set ${key} = ${shown}\n`, exitCode: 0})
      assert.equal(await text.read(), pretty(after))
      const json = await settings(t, before)
      const typed = shown === 'true' || shown === 'false' ? shown === 'true' : shown
      assert.deepEqual(await json.run('set', key, value, '--json'), {
        stdout: `${pretty({key, value: typed})}\n`,
        stderr: `Set ${key} = ${shown}\n`,
        exitCode: 0,
      })
      assert.equal(await json.read(), pretty(after))
    })
  }
})

describe('config get', () => {
  for (const [what, content, key, shown, value, isDefault] of [
    [
      'prints a setting',
      original,
      'registry',
      'https://registry.apkg.ai/api/v1',
      'https://registry.apkg.ai/api/v1',
      false,
    ],
    ['prints a setting that is false', original, 'symlinkClaudeMd', 'false', false, false],
    ['prints a tool of the setup', original, 'defaultSetup.claude-code', 'true', true, false],
    ['prints a service', original, 'services.mfa', 'https://mfa.example.com', 'https://mfa.example.com', false],
    ['prints the default registry', undefined, 'registry', 'https://api.apkg.ai', 'https://api.apkg.ai', true],
    ['prints a default that is false', undefined, 'symlinkClaudeMd', 'false', false, true],
    [
      'prints the registry for a service without an override',
      original,
      'services.key',
      'https://registry.apkg.ai/api/v1',
      'https://registry.apkg.ai/api/v1',
      true,
    ],
  ] as const) {
    it(`config get: ${what}`, async (t) => {
      const made = await settings(t, content)
      assert.deepEqual(await made.run('get', key), {stdout: `${shown}\n`, stderr: '', exitCode: 0})
      assert.deepEqual(await made.run('get', key, '--json'), {
        stdout: `${pretty({key, value, isDefault})}\n`,
        stderr: '',
        exitCode: 0,
      })
      assert.equal(await made.read(), content)
    })
  }
})

describe('config list', () => {
  it('config list: prints settings in a fixed order, regardless of their order in the file', async (t) => {
    const made = await settings(t, original)
    assert.deepEqual(await made.run('list'), {
      stdout: `registry: https://registry.apkg.ai/api/v1
symlinkClaudeMd: false
services.auth: https://auth.example.com
services.mfa: https://mfa.example.com
defaultSetup.claude-code: true
defaultSetup.cursor: false
`,
      stderr: '',
      exitCode: 0,
    })
    assert.deepEqual(await made.run('list', '--json'), {
      stdout: `${pretty({
        config: {
          registry: 'https://registry.apkg.ai/api/v1',
          symlinkClaudeMd: false,
          'services.auth': 'https://auth.example.com',
          'services.mfa': 'https://mfa.example.com',
          'defaultSetup.claude-code': true,
          'defaultSetup.cursor': false,
        },
      })}\n`,
      stderr: '',
      exitCode: 0,
    })
    assert.equal(await made.read(), original)
  })

  it('config list: says that nothing is set', async (t) => {
    const made = await settings(t)
    const stderr = 'No configuration set. Using defaults.\n'
    assert.deepEqual(await made.run('list'), {stdout: '', stderr, exitCode: 0})
    assert.deepEqual(await made.run('list', '--json'), {stdout: `${pretty({config: {}})}\n`, stderr, exitCode: 0})
    assert.equal(await made.read(), undefined)
  })

  it('config list: escapes line breaks in values', async (t) => {
    const made = await settings(t, pretty({registry: 'x\u001B[2J\nsymlinkClaudeMd: true'}))
    assert.equal((await made.run('list')).stdout, 'registry: x\\u{1b}[2J\\u{a}symlinkClaudeMd: true\n')
  })
})

describe('config delete', () => {
  for (const [what, key, after] of [
    [
      'removes a setting and keeps the others',
      'symlinkClaudeMd',
      {...JSON.parse(original), symlinkClaudeMd: undefined},
    ],
    [
      'removes one service of several',
      'services.auth',
      {...JSON.parse(original), services: {mfa: 'https://mfa.example.com'}},
    ],
  ] as const) {
    it(`config delete: ${what}`, async (t) => {
      const text = await settings(t, original)
      assert.deepEqual(await text.run('delete', key), {stdout: '', stderr: `Deleted ${key}\n`, exitCode: 0})
      assert.deepEqual(JSON.parse((await text.read())!), JSON.parse(pretty(after)))
      const json = await settings(t, original)
      const stdout = `${pretty({key})}\n`
      assert.deepEqual(await json.run('delete', key, '--json'), {stdout, stderr: `Deleted ${key}\n`, exitCode: 0})
      assert.equal(await json.read(), await text.read())
    })
  }

  it('config delete: removes an empty group', async (t) => {
    const made = await settings(t, pretty({services: {auth: 'https://a.example'}, other: 1}))
    assert.equal((await made.run('delete', 'services.auth')).exitCode, 0)
    assert.equal(await made.read(), pretty({other: 1}))
  })

  it("config delete: removes another client's service, which blocks a change of the registry", async (t) => {
    const content = {registry: 'https://r.example', services: {other: 'https://o.example'}}
    const made = await settings(t, pretty(content))
    assert.deepEqual(await made.run('list'), {
      stdout: 'registry: https://r.example\nservices.other: https://o.example\n',
      stderr: '',
      exitCode: 0,
    })
    assert.deepEqual(await made.run('get', 'services.other', '--json'), {
      stdout: `${pretty({key: 'services.other', value: 'https://o.example', isDefault: false})}\n`,
      stderr: '',
      exitCode: 0,
    })
    const change = ['set', 'registry', 'https://x.example'] as const
    assert.deepEqual(await made.run(...change), {
      stdout: '',
      stderr:
        'Error: Cannot change the registry while services.other is set\n  hint: run `apkg config delete services.other`\n',
      exitCode: 1,
    })
    const stderr = 'Deleted services.other\n'
    assert.deepEqual(await made.run('delete', 'services.other'), {stdout: '', stderr, exitCode: 0})
    assert.equal((await made.run(...change)).exitCode, 0)
    assert.equal(await made.read(), pretty({registry: 'https://x.example'}))
  })

  it('config delete: removes an invalid registry', async (t) => {
    const made = await settings(t, pretty({registry: 'ftp://r.example', other: 1}))
    assert.equal((await made.run('delete', 'registry')).exitCode, 0)
    assert.equal(await made.read(), pretty({other: 1}))
  })

  it('config delete: the registry can be changed after the services are removed', async (t) => {
    const made = await settings(t, original)
    for (const [name, ...argv] of [
      ['delete', 'services.auth'],
      ['delete', 'services.mfa'],
      ['set', 'registry', 'https://r.example'],
    ] as const) {
      assert.equal((await made.run(name, ...argv)).exitCode, 0)
    }
    assert.equal((JSON.parse((await made.read())!) as {registry: string}).registry, 'https://r.example')
  })
})

describe('a config command', () => {
  const known = `use one of: registry, symlinkClaudeMd, services.auth, services.package, services.mfa, services.search, services.key, services.token, services.registry, ${toolNames.map((tool) => `defaultSetup.${tool}`).join(', ')}`
  const giveUrl = 'use a URL such as https://registry.example.com/path'
  const overridesPresent = {
    code: 'SERVICE_OVERRIDES_PRESENT',
    exit: 1,
    message: 'Cannot change the registry while services.auth, services.mfa are set',
    suggestions: ['run `apkg config delete services.auth`', 'run `apkg config delete services.mfa`'],
  }
  const unknown = (key: string, meant?: string) => ({
    code: 'CONFIG_KEY_UNKNOWN',
    exit: 2,
    message: `Unknown config key: ${key}`,
    suggestions: [...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]), known],
  })
  const unset = (key: string) => ({
    code: 'CONFIG_KEY_UNSET',
    exit: 1,
    message: `Config key not set: ${key}`,
    suggestions: [`run \`apkg config set ${key} <value>\``],
  })
  const notBoolean = (key: string, meant?: string) => ({
    code: 'CONFIG_VALUE_INVALID',
    exit: 2,
    message: `Invalid value for ${key}: expected true or false`,
    suggestions: [
      ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
      `run \`apkg config set ${key} <value>\` with another value`,
    ],
  })
  const notUrl = (url: string, reason: string) => ({
    code: 'REGISTRY_INVALID',
    exit: 2,
    message: `Invalid registry URL ${url} (from the command line): ${reason}`,
    suggestions: [giveUrl],
  })

  for (const [argv, content, failure] of [
    [['set', 'other', 'x'], original, unknown('other')],
    [['set', 'services.other', 'https://x.example'], original, unknown('services.other')],
    [['set', '__proto__', 'x'], undefined, unknown('__proto__')],
    [['get', 'Registry'], original, unknown('Registry', 'registry')],
    [['delete', 'constructor'], undefined, unknown('constructor')],
    [['get', 'a\u001B[2J'], undefined, unknown('a\\u{1b}[2J')],
    [['get', 'defaultSetup.codex'], original, unset('defaultSetup.codex')],
    [['delete', 'registry'], undefined, unset('registry')],
    [['delete', 'services.key'], original, unset('services.key')],
    [['delete', 'services.other'], original, unset('services.other')],
    [['get', 'services.'], original, unknown('services.', 'services.auth')],
    [['set', 'symlinkClaudeMd', 'yes'], original, notBoolean('symlinkClaudeMd')],
    [['set', 'symlinkClaudeMd', ''], original, notBoolean('symlinkClaudeMd')],
    [['set', 'defaultSetup.cursor', 'TRUE'], undefined, notBoolean('defaultSetup.cursor', 'true')],
    [['set', 'registry', 'r.example'], undefined, notUrl('r.example', 'it is not a URL')],
    [['set', 'registry', ' '], undefined, notUrl(' ', 'it is not a URL')],
    [
      ['set', 'registry', 'http://r.example'],
      undefined,
      notUrl(
        'http://r.example',
        'plain http would expose credentials to the network, and is allowed only for localhost',
      ),
    ],
    [
      ['set', 'services.auth', 'https://ada:s3cr3t@a.example'],
      undefined,
      notUrl('https://a.example/', 'it contains a username or password'),
    ],
    [['set', 'registry', 'https://other.example'], original, overridesPresent],
    [['set', 'registry', 'https://registry.apkg.ai/api/v2'], original, overridesPresent],
    [['delete', 'registry'], original, overridesPresent],
    [
      ['set', 'registry', 'https://r.example'],
      pretty({registry: 'ftp://x', services: {auth: 'https://a.example', mfa: 'https://b.example'}}),
      overridesPresent,
    ],
  ] as const) {
    it(`config: refuses ${JSON.stringify(argv.join(' '))} and ${content ? 'leaves the file unchanged' : 'creates no file'}`, async (t) => {
      const made = await settings(t, content)
      const [name, ...rest] = argv
      const {code, exit, message, suggestions} = failure
      const text = `Error: ${message}\n${suggestions.map((each) => `  hint: ${each}\n`).join('')}`
      assert.deepEqual(await made.run(name, ...rest), {stdout: '', stderr: text, exitCode: exit})
      assert.deepEqual(await made.run(name, '--json', '--', ...rest), {
        stdout: `${pretty({error: {code, message, suggestions}})}\n`,
        stderr: '',
        exitCode: exit,
      })
      assert.equal(await made.read(), content)
    })
  }

  for (const [name, ...argv] of [
    ['set', 'symlinkClaudeMd', 'true'],
    ['get', 'registry'],
    ['list'],
    ['delete', 'registry'],
  ] as const) {
    it(`config: reports a damaged file and leaves it unchanged: ${name}`, async (t) => {
      const made = await settings(t, '{"registry": "https://r')
      const message = `${made.file} is damaged: it is not JSON. It was left unchanged`
      const suggestion = `fix it, or move it out of the way: \`mv ${made.file} ${made.file}.damaged\``
      const stderr = `Error: ${message}\n  hint: ${suggestion}\n`
      assert.deepEqual(await made.run(name, ...argv), {stdout: '', stderr, exitCode: 1})
      assert.deepEqual(await made.run(name, ...argv, '--json'), {
        stdout: `${pretty({error: {code: 'FILE_DAMAGED', message, suggestions: [suggestion]}})}\n`,
        stderr: '',
        exitCode: 1,
      })
      assert.equal(await made.read(), '{"registry": "https://r')
    })
  }
})
