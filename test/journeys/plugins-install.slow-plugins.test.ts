import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'

/** What the npm registry answers, and what apkg makes of it. */
const answers: [status: number, exitCode: number, message: string, hint: string][] = [
  [401, 4, 'Cannot install the plugin @x/y at URL: the registry responded with status 401', 'run `npm login`'],
  [403, 3, 'Cannot install the plugin @x/y at URL: the registry responded with status 403', 'run `npm whoami`'],
  [404, 1, 'Plugin not found: the npm registry has no package @x/y', 'check its name'],
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
  return machine.apkg(['plugins', 'install', '@x/y'], {
    env: {COLORTERM: 'truecolor', npm_config_registry: registry, npm_config_fetch_retries: '0'},
  })
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
