import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {EventEmitter, once} from 'node:events'
import {existsSync, readdirSync} from 'node:fs'
import {Agent, type IncomingMessage, request} from 'node:http'
import {connect} from 'node:net'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'

import RegistryServe from '../../../src/commands/registry/serve.js'
import {hashPassword} from '../../../src/server/auth/passwords.js'
import {openForCommand} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {assertFailure, inHome} from '../../support/operator.js'
import {password, temporaryFolder} from '../../support/world.js'

const script = fileURLToPath(new URL('../../support/serve-process.js', import.meta.url))

interface Served {
  process: ChildProcess
  /** The first line on stdout. */
  line: string
  url: string
  stderr: () => string
}

function start(t: TestContext, folder: string, ...flags: string[]): ChildProcess {
  const argv = [script, '--data', folder, '--port', '0', ...flags]
  const child = spawn(process.execPath, argv, {stdio: ['ignore', 'pipe', 'pipe']})
  t.after(() => child.kill('SIGKILL'))
  return child
}

async function serve(t: TestContext, folder: string): Promise<Served> {
  const child = start(t, folder, '--json')
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trimEnd())
    })
    child.once('exit', () => {
      reject(new Error(`the server ended: ${errors}`))
    })
  })
  return {process: child, line, url: JSON.parse(line).url, stderr: () => errors}
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function addAda(folder: string): Promise<void> {
  const store = await openForCommand(folder, {create: true})
  const passwordHash = await hashPassword(password)
  await store.users.add({id: 'u1', name: 'ada', email: 'ada@example.com', passwordHash}, operator, Date.now())
  await store.close()
}

interface Reply {
  status: number
  body: any
}

/** @returns undefined if the connection broke before the answer was complete. */
function send(url: string, method: string, options: {token?: string; body?: object; agent?: Agent} = {}) {
  const {token, body, agent} = options
  return new Promise<Reply | undefined>((resolve) => {
    const headers = {'content-type': 'application/json', ...(token !== undefined && {authorization: `Bearer ${token}`})}
    const sent = request(url, {method, headers, ...(agent && {agent})}, (response) => {
      let text = ''
      response
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('error', () => {
          resolve(undefined)
        })
        .on('end', () => {
          resolve({status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text)})
        })
    })
    sent.on('error', () => {
      resolve(undefined)
    })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function logIn(url: string): Promise<string> {
  return (await send(`${url}/auth/login`, 'POST', {body: {username: 'ada', password}}))?.body.accessToken
}

describe('registry serve', {concurrency: false}, () => {
  it('serve: prints its URL once it accepts connections, and logs each request', async (t) => {
    const {line, url, stderr} = await serve(t, temporaryFolder(t))
    assert.match(line, /^\{"url":"http:\/\/127\.0\.0\.1:\d+"\}$/)
    assert.equal((await send(`${url}/healthz?secret`, 'GET'))?.status, 200)
    while (!/"route":"\/healthz".*\n/.test(stderr())) await sleep(10)
    const lines = stderr()
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each))
    const entry = lines.find(({route}) => route === '/healthz')
    assert.deepEqual([entry.method, entry.status, entry.address], ['GET', 200, '127.0.0.1'])
    assert.doesNotMatch(stderr(), /secret|Warning/)
  })

  it('serve: refuses a data directory that is already served, and works after that server was killed', async (t) => {
    const folder = temporaryFolder(t)
    const first = await serve(t, folder)
    const second = start(t, folder, '--json')
    let output = ''
    second.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const [code] = await once(second, 'exit')
    assert.equal(code, 1)
    assert.equal(JSON.parse(output).error.code, 'REGISTRY_ALREADY_SERVED')
    assert.equal((await send(`${first.url}/healthz`, 'GET'))?.status, 200)
    first.process.kill('SIGKILL')
    await once(first.process, 'exit')
    const third = await serve(t, folder)
    assert.equal((await send(`${third.url}/healthz`, 'GET'))?.status, 200)
  })

  it('serve: a user disabled by a command is refused from the next request on', async (t) => {
    const folder = temporaryFolder(t)
    const {url} = await serve(t, folder)
    await addAda(folder)
    const token = await logIn(url)
    assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.status, 200)
    const store = await openForCommand(folder, {create: false})
    t.after(() => store.close())
    await store.users.setDisabled('u1', true, operator, Date.now())
    assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.status, 401)
    await store.users.setDisabled('u1', false, operator, Date.now())
    assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.status, 200)
  })

  it('serve: SIGTERM finishes running requests and exits with 0, even with open connections', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const {url, process: server} = await serve(t, folder)
    const agent = new Agent({keepAlive: true})
    t.after(() => {
      agent.destroy()
    })
    await send(`${url}/healthz`, 'GET', {agent})
    const body = JSON.stringify({username: 'ada', password})
    const headers = {'content-type': 'application/json', 'content-length': body.length, expect: '100-continue'}
    const begun = request(`${url}/auth/login`, {method: 'POST', headers, agent: new Agent({keepAlive: true})})
    const answered = once(begun, 'response')
    begun.flushHeaders()
    await once(begun, 'continue')
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await sleep(100)
    begun.end(body)
    const [response] = (await answered) as [IncomingMessage]
    assert.equal(response.statusCode, 200)
    response.resume()
    const [code] = await ended
    assert.equal(code, 0)
  })

  it('serve: exits when its terminal is closed', {timeout: 30_000}, async (t) => {
    const argv = [process.execPath, script, '--data', temporaryFolder(t), '--port', '0']
    const pty = spawnOnTerminal('sh', ['-c', 'exec "$@" 2>/dev/null', 'sh', ...argv], {})
    t.after(() => {
      if (isRunning(pty.pid)) process.kill(pty.pid, 'SIGKILL')
    })
    await new Promise<void>((resolve) =>
      pty.onData((shown) => {
        if (shown.includes('http://127.0.0.1')) resolve()
      }),
    )
    // Not in its types. Closes the terminal, instead of only signaling the process.
    ;(pty as unknown as {destroy: () => void}).destroy()
    while (isRunning(pty.pid)) await sleep(50)
  })

  it('serve: SIGTERM does not wait forever for a stalled client', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const {url, process: server} = await serve(t, folder)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.after(() => {
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.write(
      'POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    )
    await sleep(200)
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    const [code] = await ended
    assert.equal(code, 0)
  })

  it('serve: loses no acknowledged write when it is killed under load', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const alive = new Map<string, string>()
    const revoked = new Map<string, string>()
    for (let round = 0; round < 4; round++) {
      const {url, process: server} = await serve(t, folder)
      const session = await logIn(url)
      for (const token of alive.values()) {
        assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.status, 200)
      }
      for (const token of revoked.values()) {
        assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.body.error.code, 'CREDENTIAL_REVOKED')
      }
      let running = true
      const enough = revoked.size + 8
      const busy = new EventEmitter()
      const work = async (worker: number) => {
        for (let each = 0; running && each < 200; each++) {
          const body = {name: `token ${round}-${worker}-${each}`}
          const created = await send(`${url}/auth/tokens`, 'POST', {token: session, body})
          if (created?.status !== 201) continue
          const {id, token} = created.body
          alive.set(id, token)
          if (each % 2 === 0) continue
          // Until the revocation is acknowledged, the token can be either.
          alive.delete(id)
          const gone = await send(`${url}/auth/tokens/${id}`, 'DELETE', {token: session})
          if (gone?.status === 204) revoked.set(id, token)
          if (revoked.size >= enough) busy.emit('enough')
        }
      }
      const isBusy = once(busy, 'enough')
      const workers = Array.from({length: 8}, (_, worker) => work(worker))
      await isBusy
      server.kill('SIGKILL')
      await once(server, 'exit')
      running = false
      await Promise.all(workers)
    }
    assert.ok(alive.size > 20, `${alive.size} tokens`)
    assert.ok(revoked.size > 20, `${revoked.size} revoked tokens`)
    const {url} = await serve(t, folder)
    const session = await logIn(url)
    const listed = new Set<string>(
      (await send(`${url}/auth/tokens`, 'GET', {token: session}))?.body.tokens.map(({id}: {id: string}) => id),
    )
    assert.deepEqual(
      [...alive.keys()].filter((id) => !listed.has(id)),
      [],
    )
    assert.deepEqual(
      [...revoked.keys()].filter((id) => listed.has(id)),
      [],
    )
    assert.deepEqual(readdirSync(folder).sort(), [
      'blobs',
      'collection.lock',
      'registry.db',
      'registry.db-shm',
      'registry.db-wal',
      'secret.key',
      'serve.lock',
    ])
  })
})

describe('the flags of registry serve', () => {
  const refused: [string, string[], string, number][] = [
    ['all addresses without TLS', ['--host', '0.0.0.0'], 'REGISTRY_UNPROTECTED', 2],
    ['all IPv6 addresses without TLS', ['--host', '::'], 'REGISTRY_UNPROTECTED', 2],
    ['a host that only looks like loopback', ['--host', '127.0.0.1.example.com'], 'REGISTRY_UNPROTECTED', 2],
    ['an http public URL', ['--public-url', 'http://example.com'], 'REGISTRY_INVALID', 2],
    ['a public URL with a password', ['--public-url', 'https://a:b@example.com'], 'REGISTRY_INVALID', 2],
    ['a certificate without a key', ['--tls-cert', fileURLToPath(import.meta.url)], 'USAGE', 2],
    ['an invalid proxy address', ['--trust-proxy', 'nginx'], 'USAGE', 2],
    ['an invalid proxy range', ['--trust-proxy', '10.0.0.0/33'], 'USAGE', 2],
    ['an invalid port', ['--port', '65536'], 'USAGE', 2],
  ]
  for (const [title, argv, code, exitCode] of refused) {
    it(`serve: refuses ${title} before creating anything`, async (t) => {
      const {run, folder} = inHome(t)
      assertFailure(await run(RegistryServe, [...argv, '--json']), code, exitCode)
      assert.equal(existsSync(folder), false)
    })
  }
})
