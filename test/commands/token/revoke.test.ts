import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Login from '../../../src/commands/login.js'
import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import Whoami from '../../../src/commands/whoami.js'
import {failureOf, seen, startSession} from '../../support/command.js'
import {password} from '../../support/registry.js'
import {sessionOf} from '../../support/publish-package.js'

const seeList = 'run `apkg token list` to find its ID'

describe('token revoke', () => {
  it('token revoke: revokes several tokens by id, label and prefix, effective immediately', async (t) => {
    const {run, registry} = await startSession(t)
    const made = await Promise.all(['one', 'two', 'three', 'four'].map((label) => create(run, label)))
    const [one, , three] = made
    assert.ok(one && three)
    const {stdout, exitCode} = await run(TokenRevoke, [one.id, 'two', three.id.slice(0, 6), '--json'])
    const {tokens} = JSON.parse(stdout) as {tokens: {label: string; status: string}[]}
    assert.deepEqual(
      tokens.map(({label, status}) => `${label} ${status}`),
      ['one revoked', 'two revoked', 'three revoked'],
    )
    assert.equal(exitCode, 0)
    assert.deepEqual(await registry.liveTokens(), ['four'])
    const exits = await Promise.all(
      made.map(async ({token}) => (await run(Whoami, [], {env: {APKG_TOKEN: token}})).exitCode),
    )
    assert.deepEqual(exits, [4, 4, 4, 0])
  })

  it('token revoke: selects a token by the part of its value that the list prints', async (t) => {
    const {run, registry} = await startSession(t)
    const {token, id} = await create(run, 'ci')
    await create(run, 'other')
    const {stdout} = await run(TokenList, [])
    const [shown = ''] = /apkgt_\w+(?=.*)/.exec(stdout.split('\n').find((line) => line.startsWith('ci')) ?? '') ?? []
    assert.equal(shown, token.slice(0, 12))
    assert.deepEqual(seen(await run(TokenRevoke, [shown])), {
      stdout: '',
      stderr: `Revoked token ci (${id})\n`,
      exitCode: 0,
    })
    assert.deepEqual(await registry.liveTokens(), ['other'])
  })

  it('token list, token revoke: a token without the scope gets an error that names `admin`', async (t) => {
    const {run} = await startSession(t)
    const {token} = await create(run, 'ci')
    const env = {APKG_TOKEN: token}
    for (const attempt of [await run(TokenList, [], {env}), await run(TokenRevoke, ['ci'], {env})]) {
      assert.equal(attempt.exitCode, 3)
      assert.match(attempt.stderr, /a token with the scope `admin`(?: or `token:read`)? is required/)
      assert.doesNotMatch(attempt.stderr, /manage-tokens/)
    }
  })

  it('token revoke: if no argument matches a token, nothing is revoked', async (t) => {
    const {run, registry} = await startSession(t)
    await create(run, 'ci')
    assert.deepEqual(seen(await run(TokenRevoke, ['nonesuch', 'neither'])), {
      stdout: '',
      stderr: `Error: Token not found on ${registry.url}: "nonesuch", "neither"\n  hint: run \`apkg token list --registry ${registry.url}\`\n  hint: if the token belongs to an organization, add --org\n`,
      exitCode: 1,
    })
    assert.equal(failureOf(await run(TokenRevoke, ['nonesuch', '--json'])).code, 'TOKEN_NOT_FOUND')
    await create(run, 'deploy')
    const before = registry.requests.length
    assert.match((await run(TokenRevoke, ['deplyo'])).stderr, /\n {2}hint: did you mean `deploy`\?\n/)
    assert.equal(
      registry.requests.slice(before).some((each) => each.startsWith('DELETE')),
      false,
    )
    assert.deepEqual((await registry.liveTokens()).sort(), ['ci', 'deploy'])
  })

  it('token revoke: an argument that matches no token does not stop the others from being revoked', async (t) => {
    const {run, registry} = await startSession(t)
    const [alive, {id}] = [await create(run, 'alive'), await create(run, 'second')]
    assert.deepEqual(seen(await run(TokenRevoke, ['gone', 'alive'])), {
      stdout: '',
      stderr: `Revoked token alive (${alive.id})\nToken not found: "gone"\n  hint: ${seeList}\n`,
      exitCode: 6,
    })
    const {stdout, exitCode} = await run(TokenRevoke, ['second', 'gone', '--json'])
    assert.deepEqual((JSON.parse(stdout) as {tokens: unknown}).tokens, [
      {id, label: 'second', status: 'revoked'},
      {id: null, label: null, argument: 'gone', status: 'not-found', suggestions: [seeList], exitCode: 1},
    ])
    assert.equal(exitCode, 6)
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('token revoke: running it again succeeds, and says when the token was revoked', async (t) => {
    const {run, registry} = await startSession(t)
    const {id} = await create(run, 'ci')
    await run(TokenRevoke, ['ci'])
    const since = registry.clock.now.toISOString()
    registry.clock.advance(60_000)
    for (const selector of ['ci', id, id.slice(0, 6)]) {
      assert.deepEqual(seen(await run(TokenRevoke, [selector])), {
        stdout: '',
        stderr: `Already revoked at ${since}: ci (${id})\n`,
        exitCode: 0,
      })
    }
    const {stdout} = await run(TokenRevoke, ['ci', '--json'])
    assert.deepEqual((JSON.parse(stdout) as {tokens: unknown}).tokens, [{id, label: 'ci', status: 'already', since}])
    const mixed = await run(TokenRevoke, ['ci', 'nonesuch'])
    assert.deepEqual([mixed.exitCode, /Token not found: "nonesuch"/.test(mixed.stderr)], [6, true])
  })

  it('token revoke: a label shared by a revoked and an active token selects the active one', async (t) => {
    const {run, registry} = await startSession(t)
    const first = await create(run, 'ci')
    await run(TokenRevoke, ['ci'])
    registry.clock.advance(1000)
    const second = await create(run, 'ci')
    const live = await run(TokenRevoke, ['ci'])
    assert.equal(live.stderr, `Revoked token ci (${second.id})\n`)
    const newest = await run(TokenRevoke, ['ci'])
    assert.match(newest.stderr, new RegExp(`^Already revoked at .*: ci \\(${second.id}\\)\n$`))
    assert.match((await run(TokenRevoke, [first.id])).stderr, /^Already revoked/)
  })

  it('token revoke: --unused --yes revokes the tokens that --dry-run lists', async (t) => {
    const {run, registry} = await startSession(t)
    const old = await create(run, 'old')
    const used = await create(run, 'used')
    registry.clock.advance(89 * day)
    await run(Whoami, [], {env: {APKG_TOKEN: used.token}})
    registry.clock.advance(2 * day)
    await login(run)
    await create(run, 'new')
    const plan = await run(TokenRevoke, ['--unused', '90d', '--dry-run'])
    assert.deepEqual(seen(plan), {
      stdout: '',
      stderr: `Would revoke token old (${old.id})\nDry run: nothing was changed.\n`,
      exitCode: 0,
    })
    assert.deepEqual((await registry.liveTokens()).sort(), ['new', 'old', 'used'])
    assert.deepEqual(seen(await run(TokenRevoke, ['--unused', '90d', '--yes'])), {
      stdout: '',
      stderr: `Revoked token old (${old.id})\n`,
      exitCode: 0,
    })
    assert.deepEqual((await registry.liveTokens()).sort(), ['new', 'used'])
    const again = await run(TokenRevoke, ['--unused', '90d', '--yes', '--json'])
    assert.deepEqual([(JSON.parse(again.stdout) as {tokens: unknown}).tokens, again.exitCode], [[], 0])
  })

  it('token revoke: --all asks on a terminal, and needs --yes without one', async (t) => {
    const {run, registry} = await startSession(t)
    const [one, two] = [await create(run, 'one'), await create(run, 'two')]
    registry.requests.length = 0
    const failure = failureOf(await run(TokenRevoke, ['--all', '--json']))
    assert.deepEqual([failure.code, failure.exitCode], ['INPUT_MISSING', 2])
    assert.deepEqual(registry.requests, [])
    const asked: string[] = []
    const answering = (answer: boolean) => ({
      terminal: true,
      prompts: {
        confirm: ({message}: {message: string}) => {
          asked.push(message)
          return Promise.resolve(answer)
        },
      },
    })
    const declined = await run(TokenRevoke, ['--all'], answering(false))
    assert.deepEqual([declined.exitCode, /Canceled\. No tokens were changed/.test(declined.stderr)], [1, true])
    assert.equal((await registry.liveTokens()).length, 2)
    assert.equal((await run(TokenRevoke, ['--all'], answering(true))).exitCode, 0)
    assert.deepEqual(await registry.liveTokens(), [])
    const lines = [one, two].map(({id}, index) => `  ${['one', 'two'][index]} (${id})`).sort()
    assert.ok(asked[1]?.startsWith(`Revoke these 2 tokens on ${registry.url}?\n`))
    assert.deepEqual(asked[1]?.split('\n').slice(1).sort(), lines)
  })

  it('token revoke: --except-current keeps the token in use, which otherwise comes last', async (t) => {
    const {run, registry} = await startSession(t)
    const {token} = await create(run, 'own', 'admin')
    await create(run, 'one')
    const env = {APKG_TOKEN: token}
    assert.equal((await run(TokenRevoke, ['--all', '--except-current', '--yes'], {env})).exitCode, 0)
    assert.deepEqual(await registry.liveTokens(), ['own'])
    await create(run, 'two')
    const {stderr} = await run(TokenRevoke, ['--all', '--yes'], {env})
    assert.match(stderr, /^Revoked token two .*\nRevoked token own .*\n$/)
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('token revoke: arguments, filters and flags that contradict each other send nothing', async (t) => {
    const {run, registry} = await startSession(t)
    await create(run, 'ci')
    registry.requests.length = 0
    for (const argv of [
      ['ci', '--all'],
      ['ci', '--unused', '90d'],
      ['--all', '--unused', '90d', '--yes'],
      ['ci', '--except-current'],
      ['--current', '--all', '--yes'],
      ['--current', '--suspended', '--yes'],
      ['--current', '--dry-run'],
      ['--current', '--except-current'],
      ['--values-stdin', '--all', '--registry', registry.url],
      ['--values-stdin', '--dry-run', '--registry', registry.url],
    ]) {
      assert.equal((await run(TokenRevoke, [...argv, '--json'])).exitCode, 2, argv.join(' '))
    }
    assert.deepEqual(registry.requests, [])
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token revoke: refuses a token value without sending or printing it', async (t) => {
    const {run, registry} = await startSession(t)
    const {token} = await create(run, 'ci')
    registry.requests.length = 0
    for (const given of [token, token.slice(0, 30), ` ${token} `, 'apkg_abc123', 'eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl']) {
      const text = await run(TokenRevoke, [given])
      assert.deepEqual([text.exitCode, text.stdout], [2, ''])
      assert.ok(!text.stderr.includes(given.trim().slice(6)), text.stderr)
      assert.match(text.stderr, /^Error: An argument looks like a token value\./)
      assert.equal(failureOf(await run(TokenRevoke, [given, '--json'])).code, 'TOKEN_VALUE_GIVEN')
    }
    assert.deepEqual(registry.requests, [])
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token revoke: --values-stdin revokes a leaked token and a leaked session without a login or any file', async (t) => {
    const {run, registry} = await startSession(t)
    const {token} = await create(run, 'ci')
    await create(run, 'other')
    const leaked = await sessionOf(registry.url, 'ada', password)
    const found = `\n  export APKG_TOKEN="${token}"\r\nnot a token\n\n2026-01-01 Authorization: Bearer ${leaked}, ${token}\n${token.slice(0, -1)}\n`
    const argv = ['--values-stdin', '--note', 'build log', '--registry', registry.url]
    const elsewhere = {home: '/nonexistent', env: {APKG_TOKEN: '', APKG_REGISTRY: 'https://other.example'}}
    assert.deepEqual(seen(await run(TokenRevoke, argv, {...elsewhere, stdin: found})), {
      stdout: '',
      stderr:
        'Submitted 2 values for revocation. Any valid ones no longer work.\nWarning: Lines 3, 6 of standard input: no complete value of a token or session found. Nothing from them was sent.\n',
      exitCode: 0,
    })
    assert.deepEqual(await registry.liveTokens(), ['other'])
    assert.equal((await run(Whoami, [], {env: {APKG_TOKEN: leaked}})).exitCode, 4)
    assert.equal((await run(Whoami, [])).exitCode, 0, 'the other session still works')
    const again = await run(TokenRevoke, [...argv, '--json'], {stdin: token})
    assert.deepEqual(JSON.parse(again.stdout), {registry: registry.url, tokens: [], values: 1, unrecognizedLines: []})
    assert.equal(again.exitCode, 0)
    const single = await run(TokenRevoke, argv, {stdin: token})
    assert.equal(single.stderr, 'Submitted 1 value for revocation. If it was valid, it no longer works.\n')
  })

  it('token revoke: --values-stdin sends nothing if its flags or its input are wrong, and repeats no value', async (t) => {
    const {run, registry} = await startSession(t)
    const {token} = await create(run, 'ci')
    registry.requests.length = 0
    const here = ['--registry', registry.url]
    const cases: [string[], string, RegExp][] = [
      [['--values-stdin'], token, /--values-stdin requires --registry/],
      [['--values-stdin', 'ci', ...here], token, /--values-stdin cannot be combined with other tokens/],
      [['--values-stdin', '--current', ...here], token, /--values-stdin cannot be combined with other tokens/],
      [['--note', 'log', 'ci', ...here], '', /--note requires --values-stdin/],
      [['--values-stdin', '--note', `in ${token}`, ...here], token, /An argument looks like a token value/],
      [['--values-stdin', '--note', 'x'.repeat(251), ...here], token, /The note is invalid/],
      [['--values-stdin', '--note', 'a\nb', ...here], token, /The note is invalid/],
      [['--values-stdin', ...here], ' \n\n', /No values were given on standard input/],
      [['--values-stdin', ...here], `${token}\n`.repeat(1001), /1001 lines, and at most 1000/],
      [['--values-stdin', ...here], `APKG_TOKEN=${token.slice(0, -1)}\n`, /No values of tokens or sessions were found/],
      [['--values-stdin', ...here], 'unknown', /Nothing was sent/],
    ]
    for (const [argv, stdin, message] of cases) {
      const {exitCode, stdout, stderr} = await run(TokenRevoke, argv, {stdin})
      assert.deepEqual([exitCode, stdout], [2, ''], argv.join(' '))
      assert.match(stderr, message)
      assert.ok(!stderr.includes(token.slice(12)), stderr)
    }
    assert.deepEqual(registry.requests, [])
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('token revoke: --current revokes the token in use, and is refused for a session', async (t) => {
    const {run, registry} = await startSession(t)
    const {token, id} = await create(run, 'ci')
    const env = {APKG_TOKEN: token}
    const stderr = `Revoked token ci (${id})\n`
    assert.deepEqual(seen(await run(TokenRevoke, ['--current'], {env})), {stdout: '', stderr, exitCode: 0})
    assert.deepEqual(await registry.liveTokens(), [])
    assert.equal((await run(Whoami, [], {env})).exitCode, 4)
    const again = await run(TokenRevoke, ['--current', '--json'], {env})
    const {tokens} = JSON.parse(again.stdout) as {tokens: {status: string; since: string}[]}
    assert.deepEqual([again.exitCode, tokens[0]?.status, tokens[0]?.since.slice(0, 2)], [0, 'already', '20'])
    const other = await create(run, 'other')
    registry.clock.advance(1000)
    const rotated = await run(TokenRotate, ['other', '--grace', '0'])
    assert.equal(rotated.exitCode, 0)
    assert.equal((await run(TokenRevoke, ['--current'], {env: {APKG_TOKEN: other.token}})).exitCode, 4)
    const session = failureOf(await run(TokenRevoke, ['--current', '--json']))
    assert.deepEqual([session.code, session.exitCode], ['REFUSED', 3])
    assert.equal((await run(TokenRevoke, ['--current', 'ci'])).exitCode, 2)
  })

  it('token revoke: requires arguments without a terminal', async (t) => {
    const {run} = await startSession(t)
    assert.deepEqual(seen(await run(TokenRevoke, [])), {
      stdout: '',
      stderr:
        'Error: No tokens to revoke were given, and there is no terminal to ask on\n  hint: pass IDs or labels, filters, or --all\n',
      exitCode: 2,
    })
  })

  it('token revoke: prompts on a terminal, and an empty selection revokes nothing', async (t) => {
    const {run, registry} = await startSession(t)
    await create(run, 'one')
    registry.clock.advance(1000)
    await create(run, 'two')
    const choosing = (indices: number[]) => ({
      terminal: true,
      prompts: {
        choose: <T>({choices}: {choices: {value: T}[]}) =>
          Promise.resolve(choices.filter((_, i) => indices.includes(i)).map(({value}) => value)),
      },
    })
    assert.deepEqual(seen(await run(TokenRevoke, [], choosing([]))), {
      stdout: '',
      stderr: 'Nothing to revoke: no API tokens selected.\n',
      exitCode: 0,
    })
    assert.deepEqual(await registry.liveTokens(), ['one', 'two'])
    assert.equal((await run(TokenRevoke, [], choosing([1]))).exitCode, 0)
    assert.deepEqual(await registry.liveTokens(), ['one'])
  })

  it("token revoke: another user's token is not found", async (t) => {
    const {run, registry} = await startSession(t)
    await registry.addUser('grace')
    const {id} = await create(run, 'ci')
    await run(Login, ['--username', 'grace', '--password-stdin'], {stdin: password})
    assert.equal(failureOf(await run(TokenRevoke, [id, '--json'])).code, 'TOKEN_NOT_FOUND')
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })
})

const day = 86_400_000

async function login(run: Awaited<ReturnType<typeof startSession>>['run']) {
  await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
}

async function create(run: Awaited<ReturnType<typeof startSession>>['run'], label: string, scopes = 'read,publish') {
  const {stdout} = await run(TokenCreate, ['--label', label, '--scopes', scopes, '--json'])
  return JSON.parse(stdout) as {id: string; token: string}
}
