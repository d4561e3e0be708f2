import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {describe, it, type TestContext} from 'node:test'

import RegistryServe from '../../../src/commands/registry/serve.js'
import {inHome} from '../../support/operator.js'
import {addAda, logIn, send, serve} from '../../support/served.js'
import {expectedSignature, silence, startReceiver, status, webhookSecret} from '../../support/webhook-receiver.js'
import {temporaryFolder} from '../../support/world.js'

const page = new URL('../../../../../docs/registry/webhooks.md', import.meta.url)

function secretFile(t: TestContext): string {
  const file = path.join(temporaryFolder(t), 'webhook-secret')
  writeFileSync(file, `${webhookSecret}\n`)
  chmodSync(file, 0o600)
  return file
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Runs the receiver of the page. @returns its lines */
async function runExample(t: TestContext, port: number): Promise<{next: () => Promise<string>; process: ChildProcess}> {
  const [, code = ''] = /```js\n([^]*?)```/.exec(readFileSync(page, 'utf8')) ?? []
  assert.match(code, /listen\(8080,/)
  const file = path.join(temporaryFolder(t), 'receiver.mjs')
  writeFileSync(file, code.replace('listen(8080,', `listen(${port},`))
  const env = {...process.env, WEBHOOK_SECRET: webhookSecret}
  const child = spawn(process.execPath, [file], {env, stdio: ['ignore', 'pipe', 'inherit']})
  t.after(() => child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  return {next, process: child}
}

describe('registry serve --webhook', () => {
  it('serve --webhook: after it was killed during a delivery, it sends the event again', async (t) => {
    const [folder, receiver] = [temporaryFolder(t), await startReceiver(t)]
    await addAda(folder)
    const flags = ['--webhook', receiver.url, '--webhook-secret-file', secretFile(t)]
    const first = await serve(t, folder, ...flags)
    receiver.answer = silence
    const token = await logIn(first.url)
    assert.equal((await send(`${first.url}/auth/tokens`, 'POST', {token, body: {name: 'ci'}}))?.status, 201)
    await receiver.until(1)
    first.process.kill('SIGKILL')
    await once(first.process, 'exit')
    receiver.answer = status(204)
    const second = await serve(t, folder, ...flags)
    await receiver.until(2)
    const [lost, again] = receiver.received
    assert.deepEqual([again?.id, again?.type], [lost?.id, 'token.create'])
    assert.deepEqual([lost?.data['registry'], again?.data['registry']], [first.url, second.url])
    assert.ok(again)
    assert.equal(again.headers['webhook-signature'], expectedSignature(again))
    assert.ok(!second.stderr().includes(webhookSecret))
  })

  it('docs/registry/webhooks.md: its receiver accepts the events of a registry, and refuses forged ones', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const url = `http://127.0.0.1:${await freePort()}/`
    const example = await runExample(t, Number(new URL(url).port))
    const {url: registry} = await serve(t, folder, '--webhook', url, '--webhook-secret-file', secretFile(t))
    const token = await logIn(registry)
    const created = await send(`${registry}/auth/tokens`, 'POST', {token, body: {name: 'ci'}})
    assert.equal(await example.next(), 'token.create ci')
    await send(`${registry}/auth/tokens/${created?.body.id}`, 'DELETE', {token})
    assert.equal(await example.next(), 'token.revoke ci')

    const seconds = String(Math.floor(Date.now() / 1000))
    const forged = {'webhook-id': 'evt_1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${'A'.repeat(43)}=`}
    for (const headers of [forged, {...forged, 'webhook-signature': ''}, {}]) {
      const answer = await fetch(url, {method: 'POST', headers, body: '{"type":"token.create","data":{}}'})
      assert.equal(answer.status, 401)
    }
  })

  it('serve --webhook: an unsafe URL, a missing secret and an unusable one are refused', async (t) => {
    const {run} = inHome(t)
    const secret = ['--webhook-secret-file', secretFile(t)]
    const refused = async (argv: string[], exit: number, message: RegExp) => {
      const {exitCode, stdout, stderr} = await run(RegistryServe, argv)
      assert.deepEqual([exitCode, stdout], [exit, ''], argv.join(' '))
      assert.match(stderr, message)
      assert.ok(!stderr.includes('user:word'))
    }
    const bad: [string, RegExp][] = [
      ['http://hooks.example.com/', /must be https, or http on loopback/],
      ['ftp://127.0.0.1/', /must be https/],
      ['https://user:word@hooks.example.com/', /must not contain a password/],
      ['https://hooks.example.com/#part', /must not have a fragment/],
      ['hooks.example.com', /is malformed/],
    ]
    for (const [url, message] of bad) {
      await refused(['--webhook', url, ...secret], 2, message)
    }
    await refused(['--webhook', 'https://hooks.example.com'], 2, /--webhook-secret-file/)
    await refused(secret, 2, /--webhook/)
    const open = secretFile(t)
    chmodSync(open, 0o644)
    const argv = ['--webhook', 'https://hooks.example.com', '--webhook-secret-file', open]
    await refused(argv, 1, /Cannot use the webhook secret in .*: other users can read/)
  })
})
