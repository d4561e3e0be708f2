import assert from 'node:assert/strict'
import {existsSync, statSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import type {Prompts} from '@apkg/command-kit'

import RegistryUserAdd from '../../../src/commands/registry/user/add.js'
import RegistryUserDisable from '../../../src/commands/registry/user/disable.js'
import RegistryUserEnable from '../../../src/commands/registry/user/enable.js'
import RegistryUserList from '../../../src/commands/registry/user/list.js'
import RegistryUserMfa from '../../../src/commands/registry/user/mfa.js'
import RegistryUserPasswd from '../../../src/commands/registry/user/passwd.js'
import RegistryUserRemove from '../../../src/commands/registry/user/remove.js'
import RegistryUserRevokeAll from '../../../src/commands/registry/user/revoke-all.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {assertFailure, inHome} from '../../support/operator.js'
import {password} from '../../support/world.js'
import {type runCommand, type World} from '../../../../../test/support/run-command.js'

/** A terminal on which every question is answered the same. */
function answering(answer: boolean): Partial<World> {
  return {terminal: true, prompts: {confirm: () => Promise.resolve(answer)}}
}

describe('registry user', () => {
  it('user: add creates a registry if none exists, and list shows the user', async (t) => {
    const {run, add, folder} = inHome(t)
    const added = await add('ada')
    assert.deepEqual([added.stdout, added.stderr, added.exitCode], ['', 'Added user ada\n', 0])
    assert.deepEqual(added.result, {name: 'ada', email: 'ada@example.com'})
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const listed = await run(RegistryUserList, [])
    assert.equal(listed.stdout, 'ada\tada@example.com\tenabled\tno mfa\t2026-11-23\t-\n')
    assert.match(
      (await run(RegistryUserList, [], {terminal: true})).stdout,
      /^NAME {2}EMAIL {12}STATE {4}MFA {5}CREATED +ROLE\nada {3}ada@example\.com {2}enabled {2}no mfa {2}(now|.+ ago|in .+?) +-\n$/,
    )
    const json = await run(RegistryUserList, ['--json'])
    assert.deepEqual(JSON.parse(json.stdout), {
      users: [
        {
          name: 'ada',
          email: 'ada@example.com',
          createdAt: '2026-11-23T12:00:00.000Z',
          disabled: false,
          mfa: false,
          operator: false,
        },
      ],
    })
  })

  it('user: a database locked by another process is an error', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    const other = (await loadSqlite()).open(path.join(folder, 'registry.db'))
    t.after(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    const outcome = await run(RegistryUserDisable, ['ada', '--json'])
    assertFailure(outcome, 'REGISTRY_DATA_BUSY', 1)
    assert.match(outcome.stdout, /"message": ?".*\/apkg-registry is locked by another process"/)
    other.exec('COMMIT')
    assert.equal((await run(RegistryUserDisable, ['ada'])).exitCode, 0)
  })

  it('user: add says what a password needs, and asks again if it is too short or if the two differ', async (t) => {
    const {run, add} = inHome(t)
    const questions: string[] = []
    const asking = (answers: string[]) => ({
      terminal: true,
      prompts: {
        password({message, problem}: Parameters<Prompts['password']>[0]) {
          questions.push(problem === undefined ? message : `${problem}. ${message}`)
          return Promise.resolve(answers.shift() ?? assert.fail('unexpected prompt'))
        },
      },
    })
    assert.equal((await add('ada', asking([password, password]))).exitCode, 0)
    assert.deepEqual(questions.splice(0), ['Password (at least 8 characters)', 'Confirm password'])
    const answers = ['short', password, 'something else', password, password]
    assert.equal((await add('eve', asking(answers))).exitCode, 0)
    assert.deepEqual(questions.splice(0), [
      'Password (at least 8 characters)',
      'The password must be at least 8 characters long. Password (at least 8 characters)',
      'Confirm password',
      'The passwords do not match. Password (at least 8 characters)',
      'Confirm password',
    ])
    const differing = await add('bob', asking(Array.from({length: 5}, () => [password, 'something else']).flat()))
    assert.equal(differing.exitCode, 2)
    assert.equal(
      differing.stderr,
      'Error: The passwords do not match. Nothing was changed\n  hint: run the command again\n',
    )
    assert.equal((await run(RegistryUserList, [])).stdout.split('\n').length, 3)
  })

  const refused: [string, string[], Partial<World>, string, number][] = [
    ['a missing password without a terminal', ['ada', '--email', 'a@b'], {}, 'INPUT_MISSING', 2],
    [
      'a password of 7 characters',
      ['ada', '--email', 'a@b', '--password-stdin'],
      {stdin: '1234567'},
      'PASSWORD_INVALID',
      2,
    ],
    [
      'a password of 1025 characters',
      ['ada', '--email', 'a@b', '--password-stdin'],
      {stdin: 'x'.repeat(1025)},
      'PASSWORD_INVALID',
      2,
    ],
    ['a name in uppercase', ['Ada', '--email', 'a@b', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['a name with a slash', ['a/b', '--email', 'a@b', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['the name __proto__', ['__proto__', '--email', 'a@b', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['an email address without @', ['ada', '--email', 'a', '--password-stdin'], {stdin: password}, 'USAGE', 2],
    ['a missing email address', ['ada', '--password-stdin'], {stdin: password}, 'USAGE', 2],
  ]
  for (const [title, argv, world, code, exitCode] of refused) {
    it(`user: add refuses ${title}`, async (t) => {
      const {run, folder} = inHome(t)
      assertFailure(await run(RegistryUserAdd, [...argv, '--json'], world), code, exitCode)
      assert.equal(existsSync(folder), false)
    })
  }

  it('user: a name is never reused, even after its user was removed', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    assert.equal((await add('ada')).exitCode, 3)
    const removed = await run(RegistryUserRemove, ['ada', '--yes'])
    assert.equal(removed.stderr, 'Removed ada and revoked all sessions and tokens\n')
    assert.equal((await add('ada')).exitCode, 3)
    assert.equal((await run(RegistryUserList, [])).stderr, 'No users\n')
  })

  it('user: remove asks for confirmation on a terminal, and requires --yes elsewhere', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    assertFailure(await run(RegistryUserRemove, ['ada', '--json']), 'INPUT_MISSING', 2)
    assert.equal((await run(RegistryUserRemove, ['ada'], answering(false))).exitCode, 1)
    assert.match((await run(RegistryUserList, [])).stdout, /ada/)
    assert.equal((await run(RegistryUserRemove, ['ada'], answering(true))).exitCode, 0)
    assert.equal((await run(RegistryUserList, [])).stderr, 'No users\n')
  })

  it('user: revoke-all asks for confirmation on a terminal, and requires --yes elsewhere', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    assertFailure(await run(RegistryUserRevokeAll, ['ada', '--json']), 'INPUT_MISSING', 2)
    assertFailure(await run(RegistryUserRevokeAll, ['ada', '--json'], answering(false)), 'CANCELED', 1)
    const confirmed = await run(RegistryUserRevokeAll, ['ada'], answering(true))
    assert.deepEqual([confirmed.exitCode, confirmed.stderr], [0, '✓ Revoked 0 sessions and 0 tokens of ada\n'])
  })

  it('user: mfa --reset asks before it replaces a secret, and requires --yes without a terminal', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const reset = (...more: string[]) => ['ada', '--reset', '--json', ...more]
    const first = await run(RegistryUserMfa, reset())
    assert.equal(first.exitCode, 0, 'nothing is replaced')
    assertFailure(await run(RegistryUserMfa, reset()), 'INPUT_MISSING', 2)
    assertFailure(await run(RegistryUserMfa, reset(), answering(false)), 'CANCELED', 1)
    const secrets = [
      first,
      await run(RegistryUserMfa, reset(), answering(true)),
      await run(RegistryUserMfa, reset('-y')),
    ]
    assert.equal(new Set(secrets.map(({stdout}) => JSON.parse(stdout).secret)).size, 3)
  })

  it('user: commands in hints repeat --data if it was given', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    const hint = async (...argv: string[]) =>
      JSON.parse((await run(RegistryUserDisable, ['bob', ...argv, '--json'])).stdout).error.suggestions[0]
    assert.equal(await hint(), 'run `apkg registry user list`')
    assert.equal(await hint('--data', folder), `run \`apkg registry user list --data ${folder}\``)
  })

  it('user: disable, enable, passwd and revoke-all each report in one line', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const lines: [Parameters<typeof runCommand>[0], string[], string][] = [
      [RegistryUserDisable, ['ada'], 'Disabled ada. Sessions and tokens are now rejected\n'],
      [RegistryUserEnable, ['ada'], 'Enabled ada. Sessions and tokens work again\n'],
      [
        RegistryUserPasswd,
        ['ada', '--password-stdin'],
        'Changed the password of ada and revoked all sessions. Tokens stay valid\n',
      ],
      [RegistryUserRevokeAll, ['ada', '--yes'], 'Revoked 0 sessions and 0 tokens of ada\n'],
    ]
    for (const [command, argv, stderr] of lines) {
      const outcome = await run(command, argv, {stdin: 'another good one'})
      assert.deepEqual([outcome.exitCode, outcome.stdout, outcome.stderr], [0, '', stderr])
    }
    const json = await run(RegistryUserRevokeAll, ['ada', '--yes', '--json'])
    assert.deepEqual(JSON.parse(json.stdout), {
      ...{name: 'ada', sessions: 0, tokens: 0},
      ...{organizationTokens: [], trustedPublishers: []},
    })
  })

  it('user: an unknown user is an error', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const commands = [
      RegistryUserDisable,
      RegistryUserEnable,
      RegistryUserRemove,
      RegistryUserRevokeAll,
      RegistryUserMfa,
    ]
    for (const command of commands) assertFailure(await run(command, ['bob', '--json']), 'USER_NOT_FOUND', 1)
    const passwd = await run(RegistryUserPasswd, ['bob', '--password-stdin', '--json'], {stdin: password})
    assertFailure(passwd, 'USER_NOT_FOUND', 1)
  })

  it('user: list does not create a registry', async (t) => {
    const {run, folder} = inHome(t)
    assertFailure(await run(RegistryUserList, ['--json']), 'REGISTRY_DATA_UNUSABLE', 1)
    assert.equal(existsSync(folder), false)
  })

  it('user: mfa shows the enrollment once, and replaces it only with --reset', async (t) => {
    const {run, add} = inHome(t)
    await add('ada')
    const first = JSON.parse((await run(RegistryUserMfa, ['ada', '--json'])).stdout)
    assert.match(first.secret, /^[A-Z2-7]{32}$/)
    assert.equal(new URL(first.url).searchParams.get('secret'), first.secret)
    assert.equal(new Set(first.recoveryCodes).size, 10)
    for (const code of first.recoveryCodes) assert.match(code, /^([0-9a-z]{5}-){3}[0-9a-z]{5}$/)
    assertFailure(await run(RegistryUserMfa, ['ada', '--json']), 'USER_HAS_MFA', 3)
    const {stdout} = await run(RegistryUserMfa, ['ada', '--reset', '--yes'], {terminal: true})
    assert.match(stdout, /[█▀▄]/)
    assert.ok(!stdout.includes(first.secret))
    assert.equal(JSON.parse((await run(RegistryUserList, ['--json'])).stdout).users[0].mfa, true)
  })
})
