import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import RegistryTokenList from '../../../src/commands/registry/token/list.js'
import RegistryTokenResume from '../../../src/commands/registry/token/resume.js'
import RegistryTokenSuspended from '../../../src/commands/registry/token/suspended.js'
import {operator} from '../../../src/server/store/store.js'
import {assertFailure, withUsers} from '../../support/operator.js'

describe('registry token', () => {
  async function withSuspended(t: TestContext) {
    const {world, run, session} = await withUsers(t)
    const {accessToken: bobsSession} = await world.logIn('bob')
    const tokens = {
      one: await world.createToken(session, {name: 'one'}),
      two: await world.createToken(session, {name: 'two'}),
      bobs: await world.createToken(bobsSession, {name: 'bobs'}),
    }
    await world.store.tokens.suspendAll(operator, world.now())
    const statuses = async () => {
      const values = Object.values(tokens).map(({token}) => world.call('GET', '/auth/whoami', {token}))
      return (await Promise.all(values)).map(({status}) => status)
    }
    return {world, run, tokens, statuses}
  }

  it('token: lists suspended tokens, which are refused with their own code', async (t) => {
    const {world, run, tokens} = await withSuspended(t)
    const answer = await world.call('GET', '/auth/whoami', {token: tokens.one.token})
    assert.deepEqual([answer.status, answer.body.error.code], [401, 'CREDENTIAL_SUSPENDED'])
    const {stdout} = await run(RegistryTokenSuspended, [])
    assert.equal(stdout, (await run(RegistryTokenList, ['--suspended'])).stdout, 'one table')
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[2])
    assert.deepEqual(ids.sort(), [tokens.one.id, tokens.two.id, tokens.bobs.id].sort())
    const [listed] = JSON.parse((await run(RegistryTokenSuspended, ['--json'])).stdout).tokens
    assert.deepEqual([listed.status, listed.suspendedAt], ['suspended', '2026-11-23T12:00:00.000Z'])
  })

  it('token: resumes tokens by id, by user or all, and lists them', async (t) => {
    const {run, tokens, statuses} = await withSuspended(t)
    const byId = await run(RegistryTokenResume, [tokens.two.id])
    assert.deepEqual([byId.exitCode, byId.stderr], [0, 'Resumed 1 token\n'])
    assert.match(byId.stdout, /^ada\ttwo\t/)
    assert.deepEqual(await statuses(), [401, 200, 401])
    await run(RegistryTokenResume, ['--user', 'bob', '--yes'])
    assert.deepEqual(await statuses(), [401, 200, 200])
    const rest = await run(RegistryTokenResume, ['--all', '--yes', '--json'])
    assert.deepEqual(
      JSON.parse(rest.stdout).tokens.map(({label}: {label: string}) => label),
      ['one'],
    )
    assert.deepEqual(await statuses(), [200, 200, 200])
    assert.equal((await run(RegistryTokenSuspended, [])).stderr, 'No suspended tokens\n')
  })

  it('token: resume --dry-run lists the tokens that match the filters, and resumes none', async (t) => {
    const {run, tokens, statuses} = await withSuspended(t)
    const planned = await run(RegistryTokenResume, ['--user', 'ada', '--never-expires', '--dry-run'])
    assert.match(planned.stdout, /^ada\tone\t.*\nada\ttwo\t.*\n$/)
    assert.equal(planned.stderr, 'Would resume 2 tokens. Dry run: nothing was changed.\n')
    const byId = JSON.parse((await run(RegistryTokenResume, [tokens.bobs.id, '--dry-run', '--json'])).stdout)
    assert.deepEqual([byId.dryRun, byId.tokens.length], [true, 1])
    const none = JSON.parse((await run(RegistryTokenResume, ['--created-before', '1d', '--yes', '--json'])).stdout)
    assert.deepEqual(none, {tokens: [], notSuspended: []})
    assert.deepEqual(await statuses(), [401, 401, 401])
  })

  it('token: resume with filters or --all asks for confirmation on a terminal, and requires --yes elsewhere', async (t) => {
    const {run, tokens, statuses} = await withSuspended(t)
    assertFailure(await run(RegistryTokenResume, ['--all', '--json']), 'INPUT_MISSING', 2)
    const questions: string[] = []
    const answering = (answer: boolean) => ({
      terminal: true,
      prompts: {confirm: ({message}: {message: string}) => (questions.push(message), Promise.resolve(answer))},
    })
    assertFailure(await run(RegistryTokenResume, ['--user', 'ada', '--json'], answering(false)), 'CANCELED', 1)
    assert.deepEqual(questions, ['Resume 2 tokens?'])
    assert.deepEqual(await statuses(), [401, 401, 401])
    assert.equal((await run(RegistryTokenResume, ['--user', 'ada'], answering(true))).exitCode, 0)
    assert.equal((await run(RegistryTokenResume, [tokens.bobs.id])).exitCode, 0, 'named tokens need no confirmation')
    assert.deepEqual(await statuses(), [200, 200, 200])
  })

  it('token: a revoked token cannot be resumed', async (t) => {
    const {world, run, tokens, statuses} = await withSuspended(t)
    await world.store.tokens.revoke(
      {within: {kind: 'own', userId: 'id-of-ada'}, id: tokens.one.id},
      operator,
      world.now(),
    )
    await run(RegistryTokenResume, ['--all', '--yes'])
    assert.deepEqual(await statuses(), [401, 200, 200])
  })

  it('token: an unknown ID fails, and the other tokens are resumed', async (t) => {
    const {run, tokens, statuses} = await withSuspended(t)
    const {exitCode, stdout, stderr} = await run(RegistryTokenResume, [tokens.one.id.slice(0, 8), 'nonsense'])
    assert.equal(exitCode, 6)
    assert.match(stdout, /^ada\tone\t/)
    assert.match(stderr, /Resumed 1 token\nSuspended token not found: nonsense\n {2}hint: run /)
    assert.deepEqual(await statuses(), [200, 401, 401])
  })

  it('token: unknown ids alone or an ambiguous selection resume nothing', async (t) => {
    const {run, statuses} = await withSuspended(t)
    assertFailure(await run(RegistryTokenResume, ['nonsense', '--json']), 'TOKEN_NOT_SUSPENDED', 1)
    assertFailure(await run(RegistryTokenResume, ['--user', 'eve', '--json']), 'USER_NOT_FOUND', 1)
    assertFailure(await run(RegistryTokenResume, ['--json']), 'INPUT_MISSING', 2)
    assertFailure(await run(RegistryTokenResume, ['--all', '--user', 'ada', '--json']), 'USAGE', 2)
    assert.deepEqual(await statuses(), [401, 401, 401])
  })
})
