import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'
import {writeTree} from '../support/make-tree.js'

/** What the npm registry answers, and what apkg makes of it. */
const answers: [status: number, exitCode: number, message: string, hint: string][] = [
  [401, 4, 'Cannot install the plugin @x/y at URL: the registry responded with status 401', 'run `npm login`'],
  [403, 3, 'Cannot install the plugin @x/y at URL: the registry responded with status 403', 'run `npm whoami`'],
  [404, 1, 'Plugin not found: the npm registry has no package @x/y', 'check the name'],
  [429, 5, 'Cannot install the plugin @x/y at URL: the registry responded with status 429', 'try again later'],
  [502, 5, 'Cannot install the plugin @x/y at URL: the registry responded with status 502', 'try again later'],
]

describe('apkg plugins install', () => {
  for (const [status, expected, message, hint] of answers) {
    it(`apkg plugins install: exits with ${expected} if the npm registry responds with ${status}`, async (t) => {
      const machine = await Machine.start(t)
      const url = await startNpmRegistry(t, status)
      const {stderr, exitCode} = await install(machine, url)
      assert.equal(exitCode, expected, stderr)
      assert.ok(stderr.includes(`Error: ${message.replace('URL', url)}\n  hint: ${hint}`), stderr)
      assert.doesNotMatch(stderr, /does not exist/)
    })
  }

  it('apkg plugins install: exits with 5 if the npm registry cannot be reached', async (t) => {
    const machine = await Machine.start(t)
    const {stderr, exitCode} = await install(machine, 'http://127.0.0.1:9')
    assert.equal(exitCode, 5, stderr)
    assert.match(stderr, /^Error: Cannot install the plugin @x\/y at http:\/\/127\.0\.0\.1:9: connection refused$/m)
    assert.doesNotMatch(stderr, /does not exist/)
  })
})

describe('apkg plugins --json', () => {
  for (const [status, expected, code] of [
    [401, 4, 'REJECTED'],
    [403, 3, 'REFUSED'],
    [404, 1, 'PLUGIN_NOT_FOUND'],
    [429, 5, 'RATE_LIMITED'],
    [502, 5, 'SERVER_FAILED'],
  ] as const) {
    it(`apkg plugins install --json: prints ${code} if the npm registry responds with ${status}`, async (t) => {
      const machine = await Machine.start(t)
      const url = await startNpmRegistry(t, status)
      assert.equal(await codeOf(machine, expected, ['install', '@x/y'], url), code)
      assert.equal(await codeOf(machine, expected, ['add', '@x/y@next'], url), code)
    })
  }

  it('apkg plugins install --json: prints nothing but the error if npm itself fails', async (t) => {
    const machine = await Machine.start(t)
    // npm prints why it can't unpack it.
    await writeFile(path.join(machine.home, 'broken.tgz'), 'not a tarball')
    const file = `file:${machine.home}/broken.tgz`
    assert.equal(await codeOf(machine, 1, ['install', file]), 'PLUGIN_NOT_CHANGED')
    assert.equal(await codeOf(machine, 1, ['install', `${file}-gone`]), 'PLUGIN_NOT_CHANGED')
  })

  for (const [args, expected, code] of [
    [['install'], 2, 'USAGE'],
    [['install', 'No Such Name'], 2, 'USAGE'],
    [['install', '@x/y', '--no-such-flag'], 2, 'USAGE'],
    [['inspect', '@x/y'], 1, 'PLUGIN_NOT_INSTALLED'],
    [['inspect', '@x/y', '--no-such-flag'], 2, 'USAGE'],
    [['uninstall', '@x/y'], 2, 'USAGE'],
    [['update'], 2, 'USAGE'],
    [['link', '.'], 2, 'USAGE'],
    [['constructor'], 2, 'USAGE'],
    [['--no-such-flag'], 2, 'USAGE'],
  ] as const) {
    it(`apkg plugins ${args.join(' ')} --json: prints ${code} and exits with ${expected}`, async (t) => {
      const machine = await Machine.start(t)
      assert.equal(await codeOf(machine, expected, [...args]), code)
    })
  }

  it('apkg plugins, apkg plugins inspect: --json prints the plugins', async (t) => {
    const machine = await Machine.start(t)
    const all = await machine.apkg(['plugins', '--json'])
    assert.ok(JSON.parse(all.stdout).some(({name}: {name: string}) => name === '@oclif/plugin-help'))
    const one = await machine.apkg(['plugins', 'inspect', '@oclif/plugin-help', '--json'])
    assert.equal(JSON.parse(one.stdout)[0].name, '@oclif/plugin-help')
  })
})

describe('apkg plugins', () => {
  for (const [args, message] of [
    [['uninstall', '@x/y'], 'Plugin not installed: @x/y'],
    [['remove', '@oclif/plugin-help'], 'Plugin not installed: @oclif/plugin-help'],
    [['inspect', '@x/y'], 'Plugin not installed: @x/y'],
    [['link', 'empty'], 'Cannot link the plugin HOME/empty: it has no package.json'],
  ] as const) {
    it(`apkg plugins ${args.join(' ')}: exits with 1 and a hint`, async (t) => {
      const machine = await Machine.start(t)
      await mkdir(path.join(machine.home, 'empty'))
      const {stderr, exitCode} = await machine.apkg(['plugins', ...args])
      assert.equal(exitCode, 1, stderr)
      assert.ok(stderr.includes(`Error: ${message.replace('HOME', machine.home)}\n  hint: `), stderr)
    })
  }

  it('apkg plugins update: exits with 5 if the npm registry cannot be reached', async (t) => {
    const machine = await Machine.start(t)
    const {XDG_DATA_HOME = ''} = machine.environment()
    const plugin = {'package.json': JSON.stringify({name: '@x/y', version: '1.0.0', oclif: {}})}
    await writeTree(path.join(XDG_DATA_HOME, 'apkg/node_modules/@x/y'), plugin)
    const list = {name: 'apkg', oclif: {plugins: [{name: '@x/y', type: 'user', tag: 'latest'}]}}
    await writeTree(path.join(XDG_DATA_HOME, 'apkg'), {'package.json': JSON.stringify(list)})
    const {stderr, exitCode} = await run(machine, ['update'], 'http://127.0.0.1:9')
    assert.equal(exitCode, 5, stderr)
    assert.match(
      stderr,
      /Error: Cannot update the plugin @x\/y@latest at http:\/\/127\.0\.0\.1:9: connection refused\n/,
    )
  })
})

describe('apkg plugins without a terminal', () => {
  for (const variable of [{COLORTERM: 'truecolor'}, {CI: 'true', GITHUB_ACTIONS: 'true'}]) {
    it(`apkg plugins: prints no colors with ${Object.keys(variable).join(' and ')}, unless FORCE_COLOR is set`, async (t) => {
      const machine = await Machine.start(t)
      const run = (args: string[], env: NodeJS.ProcessEnv = {}) => machine.apkg(args, {env: {...variable, ...env}})
      for (const args of [['plugins'], ['plugins', '--core'], ['plugins', 'inspect', '@oclif/plugin-help'], ['help']]) {
        const {stdout, stderr} = await run(args)
        assert.ok(!(stdout + stderr).includes('\u001B'), args.join(' '))
      }
      const colored = await run(['plugins', '--core'], {FORCE_COLOR: '1'})
      assert.ok(colored.stdout.includes('\u001B'))
    })
  }
})

function install(machine: Machine, registry: string) {
  return run(machine, ['install', '@x/y'], registry)
}

function run(machine: Machine, args: string[], registry = 'http://127.0.0.1:9') {
  return machine.apkg(['plugins', ...args], {
    env: {COLORTERM: 'truecolor', npm_config_registry: registry, npm_config_fetch_retries: '0'},
  })
}

/** The code of the error that a command prints under `--json`. Its shape is checked. */
async function codeOf(machine: Machine, expected: number, args: string[], registry?: string): Promise<string> {
  const {stdout, stderr, exitCode} = await run(machine, [...args, '--json'], registry)
  assert.equal(exitCode, expected, stdout + stderr)
  assert.match(stdout, /^\{\s*"error"/)
  return JSON.parse(stdout).error.code
}

/** A registry that answers every request with one status. */
async function startNpmRegistry(t: TestContext, status: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, {'content-type': 'application/json'}).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
