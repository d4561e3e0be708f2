import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {Agent, type IncomingMessage, request} from 'node:http'
import {connect} from 'node:net'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'

import RegistryServe from '../../../src/commands/registry/serve.js'
import {openForCommand} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {assertFailure, inHome} from '../../support/operator.js'
import {startIssuer} from '../../support/oidc-issuer.js'
import {addAda, logIn, send, serve, start, whenReady} from '../../support/served.js'
import {password, temporaryFolder} from '../../support/world.js'

const script = fileURLToPath(new URL('../../support/serve-process.js', import.meta.url))

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
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

  it('serve: loads nothing of PostgreSQL for a data directory', async (t) => {
    // pg and its dependencies are CommonJS modules.
    const report = `
      import {Module} from 'node:module'
      process.on('exit', () => console.error('loaded ' + Object.keys(Module._cache).join(' ')))`
    const argv = [
      '--import',
      `data:text/javascript,${encodeURIComponent(report)}`,
      script,
      '--data',
      temporaryFolder(t),
    ]
    const child = spawn(process.execPath, [...argv, '--port', '0', '--json'], {stdio: ['ignore', 'pipe', 'pipe']})
    const {url, stderr} = await whenReady(child)
    assert.equal((await send(`${url}/readyz`, 'GET'))?.status, 200)
    child.kill('SIGTERM')
    await once(child, 'close')
    const [, loaded = ''] = /^loaded (.*)$/m.exec(stderr()) ?? []
    assert.match(loaded, /node_modules\/pino\//)
    assert.doesNotMatch(loaded, /node_modules\/pg[a-z-]*\//)
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

  it('serve: accepts the issuers that --oidc-issuer names, and issues tokens for its own address on loopback', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const issuer = await startIssuer(t)
    const {url} = await whenReady(start(t, folder, '--json', '--oidc-issuer', issuer.url))
    const project = {provider: 'oidc', issuer: issuer.url, claims: {sub: 'job:1'}}
    const body = {package: '@ada/*', ...project}
    const added = await send(`${url}/auth/trusted-publishers`, 'POST', {token: await logIn(url), body})
    assert.equal(added?.status, 201)
    const exchange = async (aud: string) =>
      send(`${url}/auth/oidc/exchange`, 'POST', {body: {token: await issuer.sign({aud, sub: 'job:1'})}})
    assert.equal((await exchange('https://other.example.com'))?.body.error.code, 'OIDC_TOKEN_INVALID')
    const {token} = (await exchange(url))?.body ?? {}
    assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.body.username, 'oidc:job:1')
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
    ['an issuer without https', ['--oidc-issuer', 'http://gitlab.example.com'], 'USAGE', 2],
    ['an issuer with a username', ['--oidc-issuer', 'https://ada@gitlab.example.com'], 'USAGE', 2],
    ['an issuer that is not a URL', ['--oidc-issuer', 'gitlab.example.com'], 'USAGE', 2],
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
