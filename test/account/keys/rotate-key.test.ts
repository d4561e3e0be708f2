import assert from 'node:assert/strict'
import {createServer, request, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, it, type TestContext} from 'node:test'

import KeyGenerate from '../../../src/commands/key/generate.js'
import KeyList from '../../../src/commands/key/list.js'
import KeyRegister from '../../../src/commands/key/register.js'
import KeyRotate from '../../../src/commands/key/rotate.js'
import Login from '../../../src/commands/login.js'
import type {StoredKey} from '../../../src/account/keys/key-store.js'
import {failureOf, startWorld} from '../../support/command.js'
import {password} from '../../support/registry.js'

/** Changes a response on its way; undefined loses it. */
type Fate = (call: string, answer: string) => string | undefined

describe('key rotate with an unreliable registry', () => {
  it('key rotate: succeeds after a lost response if the registry lists the new key', async (t) => {
    const {run, keys} = await startBehind(t, (call, answer) => (call.endsWith('/rotate') ? undefined : answer))
    const {exitCode, stdout, stderr} = await run(KeyRotate, ['laptop'])
    assert.equal(exitCode, 0, stderr)
    assert.ok((await keys(['--local'])).some(({keyId}) => keyId === stdout.trim()))
    assert.deepEqual(new Set((await keys([])).map(({status}) => status)), new Set(['retired', 'active']))
  })

  it('key rotate: keeps the new key if the outcome is unknown, and shows how to find out', async (t) => {
    let isDown = false
    const {run, keys, url} = await startBehind(t, (call, answer) => {
      isDown ||= call.endsWith('/rotate')
      return isDown ? undefined : answer
    })
    const {code, message, exitCode} = failureOf(await run(KeyRotate, ['laptop', '--json']))
    assert.deepEqual([code, exitCode], ['ROTATION_UNCERTAIN', 5])
    const local = await keys(['--local'])
    assert.equal(local.length, 2)
    assert.ok(local.some(({keyId, file}) => message.includes(keyId) && message.includes(file)))
    isDown = false
    assert.equal((await keys(['--registry', url])).length, 2)
  })

  it('key rotate: fails if the registry answers for another key', async (t) => {
    const {run, keys} = await startBehind(t, (call, answer) =>
      call.endsWith('/rotate') ? answer.replace(/"newKeyId":"SHA256:..../, '"newKeyId":"SHA256:AAAA') : answer,
    )
    const {code, message, exitCode} = failureOf(await run(KeyRotate, ['laptop', '--json']))
    assert.deepEqual([code, exitCode], ['KEY_MISMATCH', 1])
    assert.match(message, /got SHA256:AAAA/)
    assert.equal((await keys(['--local'])).length, 2)
  })
})

/** Logs in as Ada through a proxy and registers a key. */
async function startBehind(t: TestContext, fate: Fate) {
  const server = createServer((incoming, outgoing) => {
    void forward(registry.url, fate, incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const {run: runAt, registry} = await startWorld(t, {publicUrl: new URL(url)})
  const env = {APKG_REGISTRY: url}
  const run = (command: Parameters<typeof runAt>[0], argv: string[], stdin = '') => runAt(command, argv, {env, stdin})
  await run(Login, ['--username', 'ada', '--password-stdin'], password)
  await run(KeyGenerate, ['--name', 'laptop'])
  assert.equal((await run(KeyRegister, [])).exitCode, 0)
  const keys = async (argv: string[]) =>
    (JSON.parse((await run(KeyList, [...argv, '--json'])).stdout) as {keys: (StoredKey & {status: string})[]}).keys
  return {run, keys, url}
}

async function forward(to: string, fate: Fate, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const {method = 'GET', url = '/', headers} = incoming
    const passed = request(new URL(url, to), {method, headers}, resolve)
    passed.on('error', reject)
    incoming.pipe(passed)
  })
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  const changed = fate(incoming.url ?? '', text)
  if (changed === undefined) outgoing.socket?.destroy()
  else outgoing.writeHead(answer.statusCode ?? 500, {'content-type': answer.headers['content-type']}).end(changed)
}
