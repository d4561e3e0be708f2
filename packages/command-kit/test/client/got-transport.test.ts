import assert from 'node:assert/strict'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {once} from 'node:events'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import {before, describe, it, type TestContext} from 'node:test'

import {gotTransport} from '../../src/client/got-transport.js'
import {TransportError, type WireRequest} from '../../src/client/transport.js'

/** Starts a server that responds with `{}` and a status, never, or by closing the connection. It records requests. */
async function startServer(t: TestContext, answer: number | false | 'cut' = 200) {
  const arrivals: string[] = []
  const tunnels: IncomingMessage[] = []
  const server = createServer((request, response) => {
    arrivals.push(`${request.method} ${request.url}`)
    if (answer === 'cut') request.socket.destroy()
    else if (answer) response.writeHead(answer, {'x-kind': 'test'}).end('{}')
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    tunnels.push(request)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals, tunnels}
}

/** @returns a function that returns how many connections this process has opened since */
function countSockets(t: TestContext): () => number {
  let count = 0
  const onSocket = () => count++
  subscribe('net.client.socket', onSocket)
  t.after(() => unsubscribe('net.client.socket', onSocket))
  return () => count
}

function requestOf(url: string, change: Partial<WireRequest> = {}): WireRequest {
  const headers = {authorization: 'Bearer apkg_s3cr3t'}
  return {method: 'POST', url: new URL(url), headers, signal: new AbortController().signal, ...change}
}

// Concurrent, because some tests wait between attempts.
describe('a request', {concurrency: true}, () => {
  // The first request loads got, which can take longer than the timeouts below on a busy machine.
  before(() => gotTransport({})(requestOf('http://127.0.0.1:1/')).catch(() => undefined))

  it('request: resolves to status, headers and body of the response', async (t) => {
    const server = await startServer(t)
    const {status, headers, body} = await gotTransport({})(requestOf(`${server.url}/a%2Fb?c=d`))
    assert.deepEqual([status, headers['x-kind'], body], [200, 'test', '{}'])
    assert.deepEqual(server.arrivals, ['POST /a%2Fb?c=d'])
  })

  for (const method of ['GET', 'POST', 'DELETE']) {
    it(`request: is not retried after a timeout (${method})`, async (t) => {
      const server = await startServer(t, false)
      const sending = gotTransport({APKG_TIMEOUT_SECS: '2'})(requestOf(server.url, {method}))
      await assert.rejects(sending, {name: 'TransportError', kind: 'timeout', reason: 'the request timed out'})
      assert.deepEqual(server.arrivals, [`${method} /`])
    })
  }

  for (const [status, attempts] of [
    [408, 3],
    [429, 3],
    [502, 3],
    [503, 3],
    [504, 3],
    [400, 1],
    [401, 1],
    [413, 1],
    [500, 1],
    [521, 1],
  ] as const) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const expected = method === 'GET' ? attempts : 1
      it(`request: is sent ${expected === 1 ? 'once' : `${expected} times`} if the response has status ${status}: ${method}`, async (t) => {
        const server = await startServer(t, status)
        const response = await gotTransport({})(requestOf(server.url, {method}))
        assert.equal(response.status, status)
        assert.deepEqual(
          server.arrivals,
          Array.from({length: expected}, () => `${method} /`),
        )
      })
    }
  }

  for (const [method, attempts] of [
    ['GET', 3],
    ['POST', 1],
    ['DELETE', 1],
  ] as const) {
    it(`request: is sent ${attempts === 1 ? 'once' : `${attempts} times`} if the connection is closed: ${method}`, async (t) => {
      const server = await startServer(t, 'cut')
      await assert.rejects(gotTransport({})(requestOf(server.url, {method})), {
        name: 'TransportError',
        kind: 'unreachable',
        reason: 'connection reset',
        maybeReceived: true,
      })
      assert.equal(server.arrivals.length, attempts)
    })
  }

  for (const seconds of ['1e9', 'Infinity', '1e308', '0', '-1', 'soon', '']) {
    it(`request: has at least the default timeout with APKG_TIMEOUT_SECS=${seconds}`, async (t) => {
      const server = await startServer(t)
      assert.equal((await gotTransport({APKG_TIMEOUT_SECS: seconds})(requestOf(server.url))).status, 200)
    })
  }

  it('request: is aborted immediately if the user interrupts it', async (t) => {
    const server = await startServer(t, false)
    const abort = new AbortController()
    const sending = gotTransport({})(requestOf(server.url, {signal: abort.signal}))
    setTimeout(() => abort.abort(), 30)
    await assert.rejects(sending, {name: 'TransportError', kind: 'interrupted'})
  })

  it("request: times out after the caller's own timeout", async (t) => {
    const server = await startServer(t, false)
    const sending = gotTransport({})(requestOf(server.url, {signal: AbortSignal.timeout(30)}))
    await assert.rejects(sending, {name: 'TransportError', kind: 'timeout'})
  })
})

// Not concurrent with the others, because it counts all connections.
describe('a request that is refused by the host', () => {
  for (const method of ['GET', 'POST'])
    it(`refused request: is sent once and fails with an error that contains nothing of the request: ${method}`, async (t) => {
      const sockets = countSockets(t)
      const sending = gotTransport({})(requestOf('http://127.0.0.1:1/', {method}))
      await assert.rejects(sending, (error) => {
        assert.ok(error instanceof TransportError)
        assert.deepEqual(
          {...error},
          {
            name: 'TransportError',
            kind: 'unreachable',
            reason: 'connection refused',
            maybeReceived: false,
            proxy: undefined,
          },
        )
        assert.equal(error.cause, undefined)
        return true
      })
      assert.equal(sockets(), 1)
    })
})

describe('a proxy', () => {
  const registry = 'https://registry.invalid/auth/tokens'

  it('proxy: gets a CONNECT request without the credential', async (t) => {
    const proxy = await startServer(t)
    const env = {HTTPS_PROXY: proxy.url}
    await assert.rejects(gotTransport(env)(requestOf(registry)), TransportError)
    assert.deepEqual(
      proxy.tunnels.map(({method, url}) => `${method} ${url}`),
      ['CONNECT registry.invalid:443'],
    )
    assert.ok(!JSON.stringify(proxy.tunnels[0]!.rawHeaders).includes('s3cr3t'))
    assert.deepEqual(proxy.arrivals, [])
  })

  for (const [what, env] of [
    ['NO_PROXY contains the registry', {NO_PROXY: 'registry.invalid'}],
    ['APKG_NO_PROXY is 1', {APKG_NO_PROXY: '1'}],
    ['APKG_NO_PROXY is true', {APKG_NO_PROXY: 'TRUE'}],
  ] as const) {
    it(`proxy: is not used if ${what}`, async (t) => {
      const proxy = await startServer(t)
      const request = requestOf(registry, {signal: AbortSignal.timeout(200)})
      await assert.rejects(gotTransport({HTTPS_PROXY: proxy.url, ...env})(request), TransportError)
      assert.deepEqual([proxy.tunnels, proxy.arrivals], [[], []])
    })
  }

  for (const [what, answer] of [
    ['never answers CONNECT', ''],
    ['connects to a registry that never answers', 'HTTP/1.1 200 OK\r\n\r\n'],
  ] as const) {
    it(`proxy: delays a download no longer than the timeout if it ${what}`, async (t) => {
      const proxy = createServer().on('connect', (_request, socket: Socket) => {
        socket.on('error', () => undefined)
        t.after(() => socket.destroy())
        socket.write(answer)
      })
      proxy.listen(0, '127.0.0.1')
      await once(proxy, 'listening')
      t.after(() => proxy.close())
      const env = {HTTPS_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, APKG_TIMEOUT_SECS: '1'}
      const download = requestOf(registry, {method: 'GET', streamUpTo: 1000, signal: AbortSignal.timeout(20_000)})
      const began = Date.now()
      await assert.rejects(gotTransport(env)(download), {kind: answer === '' ? 'unreachable' : 'timeout'})
      assert.ok(Date.now() - began < 10_000)
    })
  }

  it('proxy: is not used for localhost', async (t) => {
    const [proxy, server] = [await startServer(t), await startServer(t)]
    const env = {HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ALL_PROXY: proxy.url}
    assert.equal((await gotTransport(env)(requestOf(server.url))).status, 200)
    await assert.rejects(gotTransport(env)(requestOf(server.url.replace('http:', 'https:'))), TransportError)
    assert.deepEqual([server.arrivals, proxy.tunnels, proxy.arrivals], [['POST /'], [], []])
  })
})
