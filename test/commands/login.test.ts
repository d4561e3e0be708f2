import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Login from '../../src/commands/login.js'
import {failureOf, seen, startSession, startWorld} from '../support/command.js'
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
    const stderr = `Error: Login to ${registry.url} failed: Wrong username or password\n  hint: check your username, password and authentication code, then try again\n`
    assert.deepEqual(seen(outcome), {stdout: '', stderr, exitCode: 4})
    assert.equal(await readFile(file, 'utf8'), before)
  })

  it('login: warns that APKG_TOKEN overrides the login', async (t) => {
    const {run} = await startWorld(t)
    const world = {stdin: password, env: {APKG_TOKEN: 'opaque'}}
    assert.deepEqual(seen(await run(Login, ['--username', 'ada', '--password-stdin'], world)), {
      stdout: '',
      stderr: 'Logged in as ada\nWarning: APKG_TOKEN is set and overrides this login until you unset it.\n',
      exitCode: 0,
    })
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
