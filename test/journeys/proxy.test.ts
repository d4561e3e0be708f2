import assert from 'node:assert/strict'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'

const registry = 'https://reg.corp.test'

describe('a proxy', () => {
  for (const [status, reason, hint] of [
    [407, 'requires a username and password (407)', /^ {2}hint: check the username and password in HTTPS_PROXY$/m],
    [
      403,
      'refused to connect to reg.corp.test:443 (403)',
      /^ {2}hint: check HTTPS_PROXY, or add the host to NO_PROXY/m,
    ],
    [502, 'cannot connect to reg.corp.test:443 (502)', /^ {2}hint: check HTTPS_PROXY/m],
    [200, '', /^ {2}hint: check your network connection/m],
  ] as const) {
    it(`proxy: one that answers CONNECT with ${status} is ${status === 200 ? 'not ' : ''}named in the error`, async (t) => {
      const machine = await Machine.start(t)
      const {host, requests} = await startProxy(t, (socket) => {
        socket.end(`HTTP/1.1 ${status} Answer\r\nContent-Length: 0\r\n\r\n`)
      })
      const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: `http://${host}`})
      assert.equal(exitCode, 5, stderr)
      const named = `Error: Cannot look up @x/y at ${registry}: the proxy ${host} ${reason}\n`
      assert.equal(stderr.startsWith(named), status !== 200, stderr)
      assert.match(stderr, hint)
      assert.match(requests[0] ?? '', /^CONNECT reg\.corp\.test:443/)
    })
  }

  it('proxy: one that rejects a password is reported without the password', async (t) => {
    const machine = await Machine.start(t)
    const {host} = await startProxy(t, (socket) => socket.end('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'))
    const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: `http://ada:s3cret@${host}`})
    assert.equal(exitCode, 5)
    assert.match(stderr, /the proxy \S+ rejected the username and password \(407\)/)
    assert.ok(!stderr.includes('s3cret'))
  })

  it('proxy: one that cannot be reached, or closes the connection, is named in the error', async (t) => {
    const machine = await Machine.start(t)
    const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: 'http://127.0.0.1:9'})
    assert.equal(exitCode, 5)
    assert.match(
      stderr,
      /: cannot connect to the proxy 127\.0\.0\.1:9: connection refused\n {2}hint: check HTTPS_PROXY/,
    )
    const {host} = await startProxy(t, (socket) => socket.destroy())
    const reset = await info(machine, {ALL_PROXY: `http://${host}`})
    assert.equal(reset.exitCode, 5)
    assert.match(reset.stderr, /: cannot connect to the proxy \S+: connection reset\n {2}hint: check ALL_PROXY/)
  })

  it('proxy: one that never answers CONNECT is named in the error, without its password', async (t) => {
    const machine = await Machine.start(t)
    const {host, requests} = await startProxy(t, () => undefined)
    for (const variable of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
      const {stderr, exitCode} = await info(machine, {
        [variable]: `http://ada:s3cret@${host}`,
        APKG_TIMEOUT_SECS: '1',
      })
      assert.equal(exitCode, 5, stderr)
      assert.equal(
        stderr,
        `Error: Cannot look up @x/y at ${registry}: the proxy ${host} did not respond within 1 second\n` +
          `  hint: check ${variable}, or add the host to NO_PROXY\n`,
      )
    }
    assert.equal(requests.length, 3)
  })

  it('proxy: one that answers CONNECT byte by byte has to finish in time', async (t) => {
    const machine = await Machine.start(t)
    const {host} = await startProxy(t, (socket) => {
      socket.write('HTTP/1.1 200 ')
      const dripping = setInterval(() => socket.write('x'), 100)
      socket.once('close', () => {
        clearInterval(dripping)
      })
    })
    const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: `http://${host}`, APKG_TIMEOUT_SECS: '1'})
    assert.equal(exitCode, 5, stderr)
    assert.match(stderr, /: the proxy \S+ did not respond within 1 second\n {2}hint: check HTTPS_PROXY/)
  })

  it('proxy: one that answers CONNECT with something other than HTTP is named in the error', async (t) => {
    const machine = await Machine.start(t)
    const {host} = await startProxy(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: `http://${host}`})
    assert.equal(exitCode, 5, stderr)
    assert.match(stderr, /: cannot connect to the proxy \S+: it does not use HTTP\n {2}hint: check HTTPS_PROXY/)
  })

  it('https proxy: one that does not use TLS is named in the error', async (t) => {
    const machine = await Machine.start(t)
    const {host} = await startProxy(t, (socket) => socket.destroy())
    const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: `https://${host}`})
    assert.equal(exitCode, 5, stderr)
    assert.match(stderr, /: cannot connect to the proxy \S+: it does not use TLS\n {2}hint: check HTTPS_PROXY/)
  })

  it('proxy: a registry that is silent behind one is reported as a timeout of the registry', async (t) => {
    const machine = await Machine.start(t)
    const {host} = await startProxy(t, (socket) => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'))
    const {stderr, exitCode} = await info(machine, {HTTPS_PROXY: `http://${host}`, APKG_TIMEOUT_SECS: '1'})
    assert.equal(exitCode, 5, stderr)
    assert.match(stderr, /^Error: Cannot look up @x\/y at https:\/\/reg\.corp\.test: the request timed out\n/)
  })

  it('proxy: one without a scheme is an http proxy, and gets the bytes of a tunnel', async (t) => {
    const machine = await Machine.start(t)
    const {host, requests, tunneled} = await startProxy(t, (socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.once('data', (bytes) => {
        tunneled.push(bytes)
        socket.destroy()
      })
    })
    const {exitCode} = await info(machine, {HTTPS_PROXY: host})
    assert.equal(exitCode, 5)
    assert.match(requests[0] ?? '', /^CONNECT reg\.corp\.test:443/)
    // The first byte of a TLS handshake.
    assert.equal(tunneled[0]?.[0], 22)
  })

  it('proxy: NO_PROXY covers the subdomains of a domain', async (t) => {
    const machine = await Machine.start(t)
    const {host, requests} = await startProxy(t, (socket) => socket.destroy())
    await info(machine, {HTTPS_PROXY: `http://${host}`, NO_PROXY: 'example.com,corp.test'})
    assert.deepEqual(requests, [])
  })

  for (const value of [
    '::nonsense::',
    'http://',
    'socks5://127.0.0.1:1080',
    'http://ada:s3cret@',
    'http://ada:s3cret%@127.0.0.1:9',
  ]) {
    it(`proxy: HTTPS_PROXY=${value} exits with 2, and the error names the variable`, async (t) => {
      const machine = await Machine.start(t)
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
        const {stderr, exitCode} = await info(machine, {[name]: value})
        assert.equal(exitCode, 2, stderr)
        assert.ok(stderr.startsWith(`Error: Invalid proxy in ${name}: `), stderr)
        assert.ok(!stderr.includes('s3cret'))
      }
    })
  }
})

function info(machine: Machine, env: NodeJS.ProcessEnv) {
  return machine.apkg(['info', '@x/y', '--registry', registry], {env: {APKG_TIMEOUT_SECS: '5', ...env}})
}

/** A proxy that records requests and answers each CONNECT. */
async function startProxy(t: TestContext, answer: (socket: Socket) => unknown) {
  const requests: string[] = []
  const tunneled: Buffer[] = []
  const server = createServer()
  server.on('connect', ({method, url}: IncomingMessage, socket: Socket) => {
    socket.on('error', () => undefined)
    t.after(() => socket.destroy())
    requests.push(`${method} ${url}`)
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, tunneled}
}
