import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Login from '../../src/commands/login.js'
import SessionList from '../../src/commands/session/list.js'
import TokenCreate from '../../src/commands/token/create.js'
import Whoami from '../../src/commands/whoami.js'
import {failureOf, seen, startSession, startWorld} from '../support/command.js'
import {sessionOf} from '../support/publish-package.js'
import {password} from '../support/registry.js'

describe('login without a terminal', () => {
  it('login: names the missing flag before anything is sent or stored', async (t) => {
    const {run, registry} = await startWorld(t)
    const rows: [string[], string, string][] = [
      [[], 'username', '--username'],
      [['--username', 'ada'], 'password', '--password-stdin'],
      [['--password-stdin'], 'username', '--username'],
    ]
    for (const [args, what, flag] of rows) {
      const stderr = `Error: No ${what} was given, and apkg can't prompt without a terminal\n  hint: pass ${flag}\n`
      assert.deepEqual(seen(await run(Login, args)), {stdout: '', stderr, exitCode: 2})
    }
    assert.deepEqual(registry.requests, [])
  })

  it('login: a wrong password exits with 4 and keeps the stored login', async (t) => {
    const {run, registry, home} = await startSession(t)
    const file = path.join(home, '.apkg/credentials.json')
    const before = await readFile(file, 'utf8')
    const outcome = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: 'wrong password'})
    const stderr = `Error: Login to ${registry.url} failed: Wrong username or password\n  hint: check your username, password and authentication code, then run \`apkg login --registry ${registry.url}\`\n`
    assert.deepEqual(seen(outcome), {stdout: '', stderr, exitCode: 4})
    assert.equal(await readFile(file, 'utf8'), before)
  })

  it('login: ends the session that it replaces, also with a token, and no other', async (t) => {
    const {run, registry, home} = await startSession(t)
    const elsewhere = await sessionOf(registry.url, 'ada', password)
    const count = async (token: string) => {
      const {stdout} = await run(SessionList, ['--json'], {env: {APKG_TOKEN: token}})
      return (JSON.parse(stdout) as {sessions: unknown[]}).sessions.length
    }
    assert.equal(await count(elsewhere), 2)
    const again = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
    assert.deepEqual(seen(again), {stdout: '', stderr: `Logged in as ada\nRegistry: ${registry.url}\n`, exitCode: 0})
    assert.equal(await count(elsewhere), 2)

    const token = (await run(TokenCreate, ['--label', 'ci'])).stdout.trim()
    assert.equal((await run(Login, ['--with-token'], {stdin: token})).exitCode, 0)
    assert.equal(await count(elsewhere), 1)
    assert.ok((await readFile(path.join(home, '.apkg/credentials.json'), 'utf8')).includes(token))
  })

  it('login: warns about a variable that overrides the login, and names it', async (t) => {
    const {run, registry} = await startWorld(t)
    const own = `APKG_TOKEN__127_0_0_1_${new URL(registry.url).port}`
    for (const [variable, value] of [
      ['APKG_TOKEN', 'opaque'],
      ['APKG_TOKEN', ''],
      ['APKG_TOKEN_FILE', '/nowhere/token'],
      [own, 'opaque'],
      [own, ''],
    ] as const) {
      const world = {stdin: password, env: {[variable]: value}}
      assert.deepEqual(seen(await run(Login, ['--username', 'ada', '--password-stdin'], world)), {
        stdout: '',
        stderr: `Logged in as ada\nRegistry: ${registry.url}\nWarning: ${variable} is set and overrides this login until you unset it.\n`,
        exitCode: 0,
      })
    }
    const elsewhere = {
      APKG_TOKEN: 'opaque',
      APKG_TOKEN_REGISTRY: 'https://other.example',
      APKG_TOKEN__OTHER_EXAMPLE: 'x',
    }
    const {stderr} = await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password, env: elsewhere})
    assert.equal(stderr, `Logged in as ada\nRegistry: ${registry.url}\n`)
  })

  it('login: --otp accepts only digits, and does not repeat anything else', async (t) => {
    const {run, registry} = await startWorld(t)
    const outcome = await run(Login, ['--username', 'ada', '--otp', 'abcde-fghjk', '--json'])
    const failure = failureOf(outcome)
    assert.deepEqual([failure.message, failure.exitCode], ['--otp: expected the digits from an authenticator app', 2])
    assert.ok(!outcome.stdout.includes('fghjk'))
    assert.deepEqual(registry.requests, [])
  })

  it('login: sends nothing while offline or if the credentials file is damaged', async (t) => {
    const {run, registry, home} = await startSession(t)
    registry.requests.length = 0
    const args = ['--username', 'ada', '--password-stdin', '--json']
    assert.equal(failureOf(await run(Login, [...args, '--offline'], {stdin: password})).code, 'OFFLINE')
    const file = path.join(home, '.apkg/credentials.json')
    await writeFile(file, 'null')
    const failure = failureOf(await run(Login, args, {stdin: password}))
    assert.deepEqual(failure, {
      code: 'FILE_DAMAGED',
      message: `${file} is damaged: it has unexpected content. It was left unchanged`,
      exitCode: 1,
    })
    assert.equal(await readFile(file, 'utf8'), 'null')
    assert.deepEqual(registry.requests, [])
  })
})

describe('the default registry', () => {
  const credentials = ['--username', 'ada', '--password-stdin']

  it('login --set-default: makes the registry the default, also with APKG_REGISTRY', async (t) => {
    const {run, registry, home} = await startWorld(t)
    const settings = path.join(home, '.apkg/config.json')
    const first = await run(Login, [...credentials, '--json'], {stdin: password})
    assert.equal(JSON.parse(first.stdout).isDefault, false)
    await assert.rejects(readFile(settings), {code: 'ENOENT'})
    const second = await run(Login, [...credentials, '--set-default', '--json'], {stdin: password})
    assert.equal(JSON.parse(second.stdout).isDefault, true)
    assert.deepEqual(JSON.parse(await readFile(settings, 'utf8')), {registry: registry.url})
    const third = await run(Login, [...credentials, '--set-default'], {stdin: password})
    assert.equal(third.stderr, `Logged in as ada\nRegistry: ${registry.url}\n`)
  })

  it('login --registry: does not change the default without a terminal', async (t) => {
    const {run, registry, home} = await startWorld(t)
    const {exitCode} = await run(Login, [...credentials, '--registry', registry.url], {stdin: password})
    assert.equal(exitCode, 0)
    await assert.rejects(readFile(path.join(home, '.apkg/config.json')), {code: 'ENOENT'})
  })

  it('login --set-default: fails before it sends anything if services of the default are redirected, and asks nothing', async (t) => {
    const {run, registry, home} = await startSession(t)
    const settings = JSON.stringify({services: {search: 'https://search.example.com'}})
    await writeFile(path.join(home, '.apkg/config.json'), settings)
    registry.requests.length = 0
    const outcome = await run(Login, [...credentials, '--set-default', '--json'], {stdin: password})
    assert.equal(failureOf(outcome).code, 'SERVICE_OVERRIDES_PRESENT')
    assert.deepEqual(registry.requests, [])
    const answers = {password: () => Promise.resolve(password)}
    const world = {terminal: true, prompts: answers}
    const asked = await run(Login, ['--username', 'ada', '--registry', registry.url], world)
    assert.equal(asked.exitCode, 0, asked.stderr)
    assert.equal(await readFile(path.join(home, '.apkg/config.json'), 'utf8'), settings)
  })

  it('login --registry on a terminal: a No leaves the settings unchanged', async (t) => {
    const {run, registry, home} = await startWorld(t)
    const prompts = {password: () => Promise.resolve(password), confirm: () => Promise.resolve(false)}
    const world = {terminal: true, prompts}
    const {exitCode, stderr} = await run(Login, ['--username', 'ada', '--registry', registry.url], world)
    assert.equal(exitCode, 0, stderr)
    await assert.rejects(readFile(path.join(home, '.apkg/config.json')), {code: 'ENOENT'})
  })
})

describe('a login for another registry', () => {
  it('commands without a credential: name the registry with a login, and the flag to use it', async (t) => {
    const {run, registry} = await startSession(t)
    const env = {APKG_REGISTRY: 'http://127.0.0.1:1'}
    const {stderr, exitCode} = await run(Whoami, [], {env})
    assert.equal(exitCode, 4)
    assert.match(stderr, /^Error: Authentication required: no credential for http:\/\/127\.0\.0\.1:1\n/)
    const hint = `  hint: you are logged in to ${registry.url} as ada: add \`--registry ${registry.url}\`\n`
    assert.ok(stderr.includes(hint), stderr)
    assert.equal((await run(Whoami, ['--registry', registry.url], {env})).exitCode, 0)
  })
})
