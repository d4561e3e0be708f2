import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import SessionList from '../../../src/commands/session/list.js'
import SessionRevoke from '../../../src/commands/session/revoke.js'
import TokenCreate from '../../../src/commands/token/create.js'
import Whoami from '../../../src/commands/whoami.js'
import {failureOf, seen, startSession} from '../../support/command.js'
import {json, startHostileRegistry} from '../../support/hostile-registry.js'
import {sessionOf} from '../../support/publish-package.js'
import {password} from '../../support/registry.js'

interface Listed {
  id: string
  current: boolean
  login: {address: string; agent: string}
}

/** Ada is logged in here, and on two other machines. */
async function withThree(t: TestContext) {
  const world = await startSession(t)
  const {registry, run, home} = world
  const others: string[] = []
  for (let count = 0; count < 2; count++) {
    registry.clock.advance(60_000)
    others.push(await sessionOf(registry.url, 'ada', password))
  }
  const list = async () => {
    const {stdout} = await run(SessionList, ['--json'])
    return (JSON.parse(stdout) as {sessions: Listed[]}).sessions
  }
  const works = async (token: string) => (await run(Whoami, [], {env: {APKG_TOKEN: token}})).exitCode === 0
  const isLoggedIn = () =>
    readFile(path.join(home, '.apkg/credentials.json')).then(
      () => true,
      () => false,
    )
  return {...world, others, list, works, isLoggedIn}
}

describe('session list', () => {
  it('session list: prints each login with its times, addresses and agents', async (t) => {
    const {run, list} = await withThree(t)
    const sessions = await list()
    assert.deepEqual(
      sessions.map(({current}) => current),
      [true, false, false],
    )
    assert.match(sessions[0]?.login.agent ?? '', /^apkg-cli\//)
    const {stdout, stderr} = await run(SessionList, [])
    const rows = stdout.trimEnd().split('\n')
    assert.equal(stderr, '')
    assert.equal(rows.length, 3)
    const [own = [], other = []] = rows.map((row) => row.split('\t'))
    assert.equal(own.length, 9)
    assert.equal(own[0], sessions[0]?.id)
    assert.deepEqual([own[2], own[5], own[8]], ['127.0.0.1', '127.0.0.1', 'current'])
    assert.deepEqual(other.slice(4, 7), ['never', '-', '-'])
    assert.equal(other[8], '-')
    const terminal = await run(SessionList, [], {terminal: true})
    assert.match(terminal.stdout, /^ID +LOGGED IN +FROM +AGENT +LAST USED +EXPIRES +CURRENT\n\w+ +2 minutes ago/)
  })

  it('session list: a token is refused, and the hint suggests a login', async (t) => {
    const {run} = await startSession(t)
    const {stdout} = await run(TokenCreate, ['--label', 'ci', '--scopes', 'admin'])
    const refused = await run(SessionList, [], {env: {APKG_TOKEN: stdout.trim()}})
    assert.equal(refused.exitCode, 3)
    assert.match(
      refused.stderr,
      /This requires a login\. API tokens are not accepted \(credential: APKG_TOKEN\)\n  hint: unset APKG_TOKEN/,
    )
  })

  it('session list, session revoke: fail with NOT_OFFERED if the registry does not support sessions', async (t) => {
    const {run} = await startSession(t)
    const hostile = await startHostileRegistry(t)
    const world = {env: {APKG_TOKEN: 'opaque', APKG_REGISTRY: hostile.url}}
    for (const [command, argv] of [
      [SessionList, []],
      [SessionRevoke, ['abcd']],
      [SessionRevoke, ['--all', '--yes']],
    ] as const) {
      const {code, exitCode} = failureOf(await run(command, [...argv, '--json'], world))
      assert.deepEqual([code, exitCode], ['NOT_OFFERED', 1])
    }
  })
})

describe('session revoke', () => {
  it('session revoke: revokes sessions by ID and prefix, effective immediately', async (t) => {
    const {run, list, others, works} = await withThree(t)
    const [, second, third] = await list()
    const {stdout, stderr, exitCode} = await run(SessionRevoke, [second?.id ?? '', third?.id.slice(0, 6) ?? ''])
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.equal(stderr, `Revoked session: ${second?.id}\nRevoked session: ${third?.id}\n`)
    assert.deepEqual(await Promise.all(others.map(works)), [false, false])
    assert.equal((await list()).length, 1)
  })

  it('session revoke: an already revoked session is reported with its time, and an unknown one does not stop the others', async (t) => {
    const {run, registry, list, works, others} = await withThree(t)
    const [, second, third] = await list()
    await run(SessionRevoke, [second?.id ?? ''])
    const since = registry.clock.now.toISOString()
    registry.clock.advance(60_000)
    const again = await run(SessionRevoke, [second?.id.slice(0, 8) ?? '', '--json'])
    assert.equal(again.exitCode, 0)
    assert.deepEqual(JSON.parse(again.stdout).sessions, [{id: second?.id, current: false, status: 'already', since}])
    const mixed = await run(SessionRevoke, ['nonesuch', third?.id ?? '', second?.id ?? '', '--json'])
    assert.equal(mixed.exitCode, 6)
    assert.deepEqual(JSON.parse(mixed.stdout).sessions, [
      {id: third?.id, current: false, status: 'revoked'},
      {id: second?.id, current: false, status: 'already', since},
      {
        id: null,
        current: false,
        argument: 'nonesuch',
        status: 'not-found',
        suggestions: ['run `apkg session list` to find its ID'],
        exitCode: 1,
      },
    ])
    assert.equal(await works(others[1] ?? ''), false)
  })

  it('session revoke: --dry-run shows which sessions would be revoked, without a question, and revokes none', async (t) => {
    const {run, list} = await withThree(t)
    const [own, second, third] = await list()
    const {stderr, exitCode} = await run(SessionRevoke, ['--all', '--dry-run'])
    const lines = [second, third, own].map((each) => `Would revoke session: ${each?.id}\n`)
    assert.deepEqual([stderr, exitCode], [`${lines.join('')}Dry run: nothing was changed.\n`, 0])
    const {stdout} = await run(SessionRevoke, [second?.id ?? '', '--dry-run', '--json'])
    const {sessions, loggedOut} = JSON.parse(stdout) as {sessions: object[]; loggedOut: boolean}
    assert.deepEqual([sessions, loggedOut], [[{id: second?.id, current: false, status: 'planned'}], false])
    assert.equal((await list()).length, 3)
  })

  it('session revoke: if no argument matches, nothing is revoked', async (t) => {
    const {run, registry, list} = await withThree(t)
    assert.deepEqual(seen(await run(SessionRevoke, ['nonesuch'])), {
      stdout: '',
      stderr: `Error: Session not found on ${registry.url}: "nonesuch". Nothing was changed\n  hint: run \`apkg session list --registry ${registry.url}\`\n`,
      exitCode: 1,
    })
    assert.equal((await list()).length, 3)
  })

  it('session revoke: an ambiguous prefix stops everything before the first revocation', async (t) => {
    const {run} = await startSession(t)
    const hostile = await startHostileRegistry(t)
    const session = (id: string) => ({
      id,
      startedAt: '2027-01-01T00:00:00Z',
      expires: '2027-02-01T00:00:00Z',
      current: false,
    })
    const sessions = ['7abc111122223333', '7abc111122224444', '8abc111122223333'].map(session)
    hostile.answer({'GET /auth/sessions': json(200, {sessions})})
    const world = {env: {APKG_TOKEN: 'opaque', APKG_REGISTRY: hostile.url}}
    const outcome = await run(SessionRevoke, ['8abc1111', '7abc', '--json'], world)
    const {code, message} = failureOf(outcome)
    assert.equal(code, 'SESSION_AMBIGUOUS')
    assert.match(message, /7abc111122223333 .*\n.*7abc111122224444/)
    assert.deepEqual(hostile.routes, ['GET /auth/sessions'])
  })

  it('session revoke: revoking the session in use also removes the stored login', async (t) => {
    const {run, registry, list, isLoggedIn} = await withThree(t)
    const [own, second] = await list()
    const {stderr, exitCode} = await run(SessionRevoke, [own?.id ?? '', second?.id ?? ''])
    assert.equal(exitCode, 0)
    assert.equal(
      stderr,
      `Revoked session: ${second?.id}\nRevoked session: ${own?.id}\nLogged out of ${registry.url}.\n`,
    )
    assert.equal(await isLoggedIn(), false)
  })

  it('session revoke: a session in APKG_TOKEN is revoked, and the stored login is kept', async (t) => {
    const {run, list, others, works, isLoggedIn} = await withThree(t)
    const [, second] = await list()
    const env = {APKG_TOKEN: others[0] ?? ''}
    const {stdout} = await run(SessionRevoke, [second?.id ?? '', '--json'], {env})
    assert.equal(JSON.parse(stdout).loggedOut, false)
    assert.equal(JSON.parse(stdout).sessions[0].current, true)
    assert.equal(await works(others[0] ?? ''), false)
    assert.equal(await isLoggedIn(), true)
    assert.equal((await run(Whoami, [])).exitCode, 0)
  })

  it('session revoke: --all --except-current keeps only this session', async (t) => {
    const {run, registry, list, others, works} = await withThree(t)
    const before = list()
    const tried = await run(SessionRevoke, ['--all', '--except-current'])
    assert.equal(tried.exitCode, 2)
    assert.match(tried.stderr, /Revoking all sessions was not confirmed, and there is no terminal.*\n  hint: add --yes/)
    assert.equal((await list()).length, 3)
    const questions: string[] = []
    const answering = (answer: boolean) => ({
      terminal: true,
      prompts: {
        confirm: ({message}: {message: string}) => {
          questions.push(message)
          return Promise.resolve(answer)
        },
      },
    })
    const canceled = await run(SessionRevoke, ['--all', '--except-current'], answering(false))
    assert.equal(canceled.exitCode, 1)
    assert.match(canceled.stderr, /Canceled\. No sessions were revoked/)
    assert.equal((await run(SessionRevoke, ['--all', '--except-current'], answering(true))).exitCode, 0)
    assert.equal(questions.length, 2)
    const [, second, third] = (await before).map(({id}) => id)
    const [first, ...lines] = (questions[0] ?? '').split('\n')
    assert.equal(first, `Revoke these 2 sessions on ${registry.url}?`)
    assert.deepEqual(
      lines.map((line) => line.slice(2, 18)),
      [second, third],
    )
    assert.deepEqual(await Promise.all(others.map(works)), [false, false])
    assert.equal((await list()).length, 1)
    const none = await run(SessionRevoke, ['--all', '--except-current', '--yes'])
    assert.deepEqual([none.stderr, none.exitCode], ['Nothing was revoked.\n', 0])
  })

  it('session revoke: --all includes this session and removes the login', async (t) => {
    const {run, others, works, isLoggedIn} = await withThree(t)
    const {stdout, exitCode} = await run(SessionRevoke, ['--all', '--yes', '--json'])
    assert.equal(exitCode, 0)
    const {sessions, loggedOut} = JSON.parse(stdout) as {
      sessions: {status: string; current: boolean}[]
      loggedOut: boolean
    }
    assert.deepEqual(
      sessions.map(({status, current}) => `${status} ${current}`),
      ['revoked false', 'revoked false', 'revoked true'],
    )
    assert.equal(loggedOut, true)
    assert.equal(await isLoggedIn(), false)
    assert.deepEqual(await Promise.all(others.map(works)), [false, false])
  })

  it('session revoke: prompts on a terminal, and an empty selection revokes nothing', async (t) => {
    const {run, list} = await withThree(t)
    const choosing = (indices: number[]) => ({
      terminal: true,
      prompts: {
        choose: <T>({choices}: {choices: {value: T}[]}) =>
          Promise.resolve(choices.filter((_, i) => indices.includes(i)).map(({value}) => value)),
      },
    })
    assert.equal((await run(SessionRevoke, [], choosing([]))).stderr, 'Nothing was revoked.\n')
    const [, second] = await list()
    assert.equal((await run(SessionRevoke, [], choosing([1]))).stderr, `✓ Revoked session: ${second?.id}\n`)
  })

  it('session revoke: wrong flags and token values send nothing', async (t) => {
    const {run, registry} = await startSession(t)
    const value = await sessionOf(registry.url, 'ada', password)
    registry.requests.length = 0
    const cases: [string[], number, RegExp][] = [
      [[], 2, /No sessions to revoke were given, and there is no terminal/],
      [['--all', 'abcd'], 2, /--all cannot be combined with IDs/],
      [['--except-current'], 2, /--all/],
      [[value], 2, /An argument looks like a token value/],
      [['abcd', '--offline'], 5, /Offline mode/],
    ]
    for (const [argv, exit, message] of cases) {
      const {exitCode, stdout, stderr} = await run(SessionRevoke, argv)
      assert.deepEqual([exitCode, stdout], [exit, ''], argv.join(' '))
      assert.match(stderr, message)
      assert.ok(!stderr.includes(value))
    }
    assert.deepEqual(registry.requests, [])
  })
})
