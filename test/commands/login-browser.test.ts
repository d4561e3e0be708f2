import assert from 'node:assert/strict'
import {readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Login from '../../src/commands/login.js'
import TokenCreate from '../../src/commands/token/create.js'
import Whoami from '../../src/commands/whoami.js'
import {verificationAddress} from '../../src/account/session/browser/verification-address.js'
import {canOpenBrowser, openerOf} from '../../src/account/session/browser/open-browser.js'
import {listenOnLoopback} from '../../src/account/session/browser/loopback-listener.js'
import {browserOf, fakeOpener} from '../support/browser.js'
import {failureOf, startWorld} from '../support/command.js'
import {password} from '../support/registry.js'

const startOffering = (t: TestContext) =>
  startWorld(t, {browserLogin: true, browserRequest: {lifetime: 600_000, interval: 1}})

async function request({run}: Awaited<ReturnType<typeof startWorld>>) {
  const {stdout, exitCode} = await run(Login, ['--request', '--json'])
  assert.equal(exitCode, 0)
  return JSON.parse(stdout) as {ticket: string; userCode: string; verificationUri: string}
}

describe('login with a ticket', () => {
  it('login --request: returns immediately, and keeps the secret in a private file', async (t) => {
    const world = await startOffering(t)
    const {ticket, userCode, verificationUri} = await request(world)
    assert.equal(verificationUri, `${world.registry.url}/-/device`)
    assert.match(userCode, /^[A-Z]{4}-[A-Z]{4}$/)
    const file = path.join(world.home, '.apkg/tickets.json')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const {deviceCode} = JSON.parse(await readFile(file, 'utf8')).tickets[ticket]
    assert.ok(!(await world.run(Login, ['--check', ticket, '--json'])).stdout.includes(deviceCode))
  })

  it('login --check: exits with 7 while it waits, and stores the login once it is approved', async (t) => {
    const world = await startOffering(t)
    const {ticket, userCode} = await request(world)
    const pending = await world.run(Login, ['--check', ticket, '--json'])
    assert.deepEqual([pending.exitCode, JSON.parse(pending.stdout).status], [7, 'pending'])
    const shown = await world.run(Login, ['--check', ticket])
    assert.deepEqual([shown.exitCode, shown.stdout], [7, ''])
    await browserOf(world.registry, 'ada').enter(userCode)
    const done = await world.run(Login, ['--check', ticket, '--json'])
    const {status, username} = JSON.parse(done.stdout)
    assert.deepEqual([done.exitCode, status, username], [0, 'logged-in', 'ada'])
    assert.equal((await world.run(Whoami, [])).exitCode, 0)
    assert.equal(failureOf(await world.run(Login, ['--check', ticket, '--json'])).code, 'LOGIN_TICKET_UNKNOWN')
    await assert.rejects(stat(path.join(world.home, '.apkg/tickets.json')), {code: 'ENOENT'})
  })

  it('login --check: exits with 3 if the login was denied, and with 4 if it expired', async (t) => {
    const world = await startOffering(t)
    const [denied, expired] = [await request(world), await request(world)]
    await browserOf(world.registry, 'ada').enter(denied.userCode, false)
    const {code, exitCode} = failureOf(await world.run(Login, ['--check', denied.ticket, '--json']))
    assert.deepEqual([code, exitCode], ['BROWSER_DENIED', 3])
    world.registry.clock.advance(600_000)
    const late = failureOf(await world.run(Login, ['--check', expired.ticket, '--json']))
    assert.deepEqual([late.code, late.exitCode], ['BROWSER_EXPIRED', 4])
  })

  it('login --check: asks the registry of the ticket, and no other', async (t) => {
    const world = await startOffering(t)
    const {ticket} = await request(world)
    const env = {APKG_REGISTRY: 'https://other.example'}
    assert.equal((await world.run(Login, ['--check', ticket], {env})).exitCode, 7)
    assert.equal(
      (await world.run(Login, ['--check', ticket, '--registry', `${world.registry.url}/`], {env})).exitCode,
      7,
    )
    const other = await world.run(Login, ['--check', ticket, '--registry', 'https://other.example', '--json'])
    assert.equal(other.exitCode, 2)
  })
})

describe('login with a browser', () => {
  it('login: opens the browser on a terminal, and logs in once the user approves it', async (t) => {
    const {run, registry, home} = await startOffering(t)
    const {bin, opened} = await fakeOpener(home)
    const env = {PATH: `${bin}:${process.env['PATH']}`, DISPLAY: ':0', APKG_TOKEN__OTHER_EXAMPLE: 'secret'}
    const login = run(Login, [], {terminal: true, env})
    const address = await opened()
    await browserOf(registry, 'ada').visit(address)
    const {exitCode, stderr} = await login
    assert.equal(exitCode, 0)
    assert.ok(stderr.includes(address) && stderr.includes('Logged in as ada'), stderr)
    assert.ok(address.startsWith(`${registry.url}/-/authorize?request=`))
  })

  it('login: exits with 3 if the user denies it in the browser', async (t) => {
    const {run, registry, home} = await startOffering(t)
    const {bin, opened} = await fakeOpener(home)
    const login = run(Login, ['--json'], {terminal: true, env: {PATH: `${bin}:${process.env['PATH']}`, DISPLAY: ':0'}})
    await browserOf(registry, 'ada').visit(await opened(), false)
    assert.equal((await login).exitCode, 3)
  })

  it('login --username: asks for the password, as on a registry without pages', async (t) => {
    const offering = await startOffering(t)
    const prompts = {password: () => Promise.resolve(password), text: () => Promise.resolve('ada')}
    const named = await offering.run(Login, ['--username', 'ada'], {terminal: true, prompts})
    assert.equal(named.exitCode, 0)
    assert.ok(!offering.registry.requests.includes('POST /auth/device'))
    const without = await startWorld(t)
    assert.equal((await without.run(Login, [], {terminal: true, prompts})).exitCode, 0)
    const {code, exitCode} = failureOf(await without.run(Login, ['--no-browser', '--json']))
    assert.deepEqual([code, exitCode], ['BROWSER_NOT_OFFERED', 1])
  })

  it('login --no-browser: prints the page and the code, and polls', async (t) => {
    const {run, registry} = await startOffering(t)
    const interrupted = new AbortController()
    const login = run(Login, ['--no-browser'], {env: {DISPLAY: ':0'}, interrupted: interrupted.signal})
    while (!registry.requests.includes('POST /auth/device/token')) await new Promise((wait) => setTimeout(wait, 20))
    interrupted.abort()
    const {stderr, exitCode} = await login
    assert.equal(exitCode, 130)
    assert.match(
      stderr,
      new RegExp(`Open ${registry.url}/-/device in any browser and enter the code [A-Z]{4}-[A-Z]{4}`),
    )
  })
})

describe('a confirmation in the browser', () => {
  it('token create: can be confirmed in the browser', async (t) => {
    const {run, registry, home} = await startOffering(t)
    const {bin, opened} = await fakeOpener(home)
    await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
    registry.clock.advance(11 * 60_000)
    const env = {PATH: `${bin}:${process.env['PATH']}`, DISPLAY: ':0'}
    const prompts = {
      select: ({choices}: {choices: {name: string; value: unknown}[]}) => {
        assert.deepEqual(
          choices.map(({name}) => name),
          ['Enter your password', 'Confirm in your browser'],
        )
        return Promise.resolve(choices[1]?.value as never)
      },
    }
    const created = run(TokenCreate, ['--label', 'ci'], {terminal: true, env, prompts})
    await browserOf(registry, 'ada').visit(await opened())
    assert.equal((await created).exitCode, 0)
  })
})

describe('the page to open', () => {
  const registry = 'https://r.example.com/apkg'
  const addressOf = (text: string, from = registry) => verificationAddress(text, from, 'log in')

  it('login: opens only http and https pages of the same origin', () => {
    assert.equal(addressOf('https://r.example.com/-/device'), 'https://r.example.com/-/device')
    assert.equal(addressOf('http://localhost:4873/-/device', 'http://127.0.0.1:4873'), 'http://localhost:4873/-/device')
    for (const text of [
      'https://evil.example/-/device',
      'http://r.example.com/-/device',
      'https://r.example.com:444/-/device',
      'https://user:pw@r.example.com/-/device',
      'https://r.example.com@evil.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '--help',
      '/-/device',
    ]) {
      assert.throws(() => addressOf(text), {code: 'BAD_RESPONSE'}, text)
    }
    assert.throws(() => addressOf('http://localhost:4874/', 'http://127.0.0.1:4873'), {code: 'BAD_RESPONSE'})
  })

  it('login: opens a browser only with a display, and not over SSH', () => {
    assert.equal(canOpenBrowser({DISPLAY: ':0'}, 'linux'), true)
    assert.equal(canOpenBrowser({WAYLAND_DISPLAY: 'wayland-0'}, 'linux'), true)
    assert.equal(canOpenBrowser({}, 'linux'), false)
    assert.equal(canOpenBrowser({DISPLAY: ':10', SSH_CONNECTION: '1 2 3 4'}, 'linux'), false)
    assert.equal(canOpenBrowser({}, 'darwin'), true)
    assert.equal(canOpenBrowser({SSH_TTY: '/dev/pts/0'}, 'darwin'), false)
  })

  it('attack: on Windows, a program in the current directory is not used to open the URL', () => {
    const [program] = openerOf({SystemRoot: 'D:\\Windows'}, 'win32')
    assert.equal(program, 'D:\\Windows\\System32\\rundll32.exe')
    assert.equal(openerOf({}, 'win32')[0], 'C:\\Windows\\System32\\rundll32.exe')
  })

  it('attack: a page that sends the wrong state to the loopback address is ignored', async () => {
    const listener = await listenOnLoopback('right')
    const {redirectUri, delivery} = listener
    try {
      for (const query of ['?code=stolen', '?code=stolen&state=wrong', '?state=right', '?error=access_denied']) {
        assert.equal((await fetch(redirectUri + query)).status, 404)
      }
      assert.equal((await fetch(`${redirectUri}?code=stolen&state=right`, {method: 'POST'})).status, 404)
      assert.equal((await fetch(`${redirectUri}?code=own&state=right`)).status, 200)
      assert.deepEqual(await delivery, {code: 'own'})
    } finally {
      listener.close()
    }
  })
})
