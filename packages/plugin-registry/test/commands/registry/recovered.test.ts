import assert from 'node:assert/strict'
import {copyFileSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import RegistryAuditVerify from '../../../src/commands/registry/audit/verify.js'
import RegistryRecovered from '../../../src/commands/registry/recovered.js'
import {config} from '../../support/oclif-config.js'
import {addAda, send, serve, type Served} from '../../support/served.js'
import {password, temporaryFolder} from '../../support/world.js'
import {runCommand} from '../../../../../test/support/run-command.js'

const databaseFiles = ['registry.db', 'registry.db-wal', 'registry.db-shm']

async function stop({process}: Served): Promise<void> {
  const ended = new Promise((resolve) => process.once('exit', resolve))
  process.kill('SIGTERM')
  await ended
}

async function until<Result>(find: () => Promise<Result | undefined>): Promise<Result> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await find()
    if (found !== undefined) return found
    await sleep(100)
  }
  throw new Error('it did not happen in time')
}

/** A registry that revoked a token after its database was copied; then the copy was put in place. */
async function wentBack(t: TestContext) {
  const folder = temporaryFolder(t)
  const file = (name: string) => path.join(folder, name)
  await addAda(folder)
  const first = await serve(t, folder)
  const login = {username: 'ada', password}
  const session = (await send(`${first.url}/auth/login`, 'POST', {body: login}))?.body.accessToken as string
  const created = await send(`${first.url}/auth/tokens`, 'POST', {token: session, body: {name: 'leaked'}})
  const {id, token} = created?.body as {id: string; token: string}
  await stop(first)
  copyFileSync(file('registry.db'), file('old.db'))
  const second = await serve(t, folder)
  assert.equal((await send(`${second.url}/auth/tokens/${id}`, 'DELETE', {token: session}))?.status, 204)
  await stop(second)
  for (const name of databaseFiles) rmSync(file(name), {force: true})
  copyFileSync(file('old.db'), file('registry.db'))
  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, [...argv, '--data', folder], config, {home: folder})
  return {folder, session, token, run}
}

describe('a database that was rolled back', () => {
  it('recovered: nothing is served until the operator accepts the database, which voids every credential', async (t) => {
    const {folder, session, token, run} = await wentBack(t)
    const served = await serve(t, folder)
    const whoami = (credential: string) => send(`${served.url}/auth/whoami`, 'GET', {token: credential})
    for (const url of ['/auth/whoami', '/readyz', '/search', '/registry/signing-keys', '/openapi.json', '/nothing']) {
      const answer = await send(`${served.url}${url}`, 'GET', {token})
      assert.deepEqual([answer?.status, answer?.body.error.code], [503, 'REGISTRY_BEHIND'], url)
    }
    const login = await send(`${served.url}/auth/login`, 'POST', {body: {username: 'ada', password}})
    assert.deepEqual([login?.status, login?.body.error.code], [503, 'REGISTRY_BEHIND'])
    assert.equal((await send(`${served.url}/healthz`, 'GET'))?.status, 200)
    assert.match(served.stderr(), /run `apkg registry recovered`|`apkg registry recovered` is run/)

    const head = () => readFileSync(path.join(folder, 'blobs', 'audit-head.json'), 'utf8')
    const before = head()
    await sleep(1500)
    assert.equal(head(), before, 'the copy of the head stays')

    const {recovered, sessionsEnded, tokensSuspended} = JSON.parse((await run(RegistryRecovered, '--json')).stdout)
    assert.deepEqual([recovered, sessionsEnded, tokensSuspended], [true, 1, 1])
    const answer = await until(async () => {
      const found = await whoami(token)
      return found?.status === 503 ? undefined : found
    })
    assert.deepEqual([answer.status, answer.body.error.code], [401, 'CREDENTIAL_SUSPENDED'])
    assert.equal((await whoami(session))?.body.error.code, 'CREDENTIAL_REVOKED')
    assert.equal((await send(`${served.url}/readyz`, 'GET'))?.status, 200)
    assert.equal((await send(`${served.url}/auth/login`, 'POST', {body: {username: 'ada', password}}))?.status, 200)
    const verified = JSON.parse((await run(RegistryAuditVerify, '--json')).stdout)
    assert.deepEqual(verified.problems, [])
    await stop(served)
  })

  it('recovered: it can also be run before the registry is started, and running it again changes nothing', async (t) => {
    const {folder, run} = await wentBack(t)
    assert.match(
      (await run(RegistryRecovered)).stderr,
      /^Accepted the database\. Revoked 1 session and suspended 1 token/,
    )
    const again = JSON.parse((await run(RegistryRecovered, '--json')).stdout)
    assert.deepEqual([again.recovered, again.sessionsEnded, again.tokensSuspended], [false, 0, 0])
    const served = await serve(t, folder)
    assert.equal((await send(`${served.url}/readyz`, 'GET'))?.status, 200)
    await stop(served)
  })

  it('recovered: a database with another chain is not served', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    await stop(await serve(t, folder))
    const file = path.join(folder, 'blobs', 'audit-head.json')
    const head = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({...head, mac: '00'.repeat(32)}))
    const served = await serve(t, folder)
    assert.equal((await send(`${served.url}/readyz`, 'GET'))?.body.error.code, 'REGISTRY_BEHIND')
    await stop(served)
  })

  it('recovered: an unreadable copy of the head is refused, and accepted by the operator', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    await stop(await serve(t, folder))
    writeFileSync(path.join(folder, 'blobs', 'audit-head.json'), '{"position":')
    const served = await serve(t, folder)
    assert.equal((await send(`${served.url}/readyz`, 'GET'))?.body.error.code, 'REGISTRY_BEHIND')
    await stop(served)
    const {stdout} = await runCommand(RegistryRecovered, ['--data', folder, '--json'], config, {home: folder})
    assert.equal(JSON.parse(stdout).recovered, true)
    const again = await serve(t, folder)
    assert.equal((await send(`${again.url}/readyz`, 'GET'))?.status, 200)
    await stop(again)
  })

  it('recovered: a registry that was killed starts again without it', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const first = await serve(t, folder)
    await send(`${first.url}/auth/login`, 'POST', {body: {username: 'ada', password}})
    await sleep(1200)
    const ended = new Promise((resolve) => first.process.once('exit', resolve))
    first.process.kill('SIGKILL')
    await ended
    const second = await serve(t, folder)
    assert.equal((await send(`${second.url}/readyz`, 'GET'))?.status, 200)
    await stop(second)
  })
})
