import assert from 'node:assert/strict'
import {type AddressInfo, connect} from 'node:net'
import {describe, it, type TestContext} from 'node:test'

import type {ServerConfig} from '../../../src/server/config.js'
import {createWorld} from '../../support/world.js'

/** Starts a registry and returns a function that sends a request as it is, and returns the status and the body. */
async function listening(t: TestContext, host = '127.0.0.1', changes: Partial<ServerConfig> = {}) {
  const world = await createWorld(t, changes)
  await world.app.listen({host, port: 0})
  const {port, address} = world.app.server.address() as AddressInfo
  return (head: string) =>
    new Promise<{status: number; body: any}>((resolve, reject) => {
      const socket = connect(port, address === '0.0.0.0' ? '127.0.0.1' : address)
      let text = ''
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('error', reject)
        .on('close', () => {
          resolve({status: Number(text.split(' ')[1]), body: JSON.parse(text.split('\r\n\r\n')[1] || 'null')})
        })
      socket.write(`${head.replaceAll('PORT', String(port))}\r\nConnection: close\r\n\r\n`)
    })
}

const get = (host: string) => `GET /healthz HTTP/1.1\r\nHost: ${host}`

describe('a registry that listens on loopback', () => {
  for (const host of [
    'localhost',
    'LocalHost:PORT',
    '127.0.0.1:PORT',
    '127.0.0.1:1',
    '127.9.8.7',
    '[::1]:PORT',
    '[0:0:0:0:0:0:0:1]',
  ]) {
    it(`loopback registry: responds to Host ${host}`, async (t) => {
      const send = await listening(t)
      assert.equal((await send(get(host))).status, 200)
    })
  }

  for (const host of [
    'evil.example',
    'evil.example:PORT',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io:PORT',
    'localhost.',
    'xlocalhost',
    '128.0.0.1',
    '0.0.0.0:PORT',
    '[::]',
    '[::ffff:10.0.0.1]',
    'evil@localhost',
    'localhost/evil',
    '',
  ]) {
    it(`loopback registry: refuses Host ${JSON.stringify(host)} with 421`, async (t) => {
      const send = await listening(t)
      const {status, body} = await send(get(host))
      assert.deepEqual([status, body.error.code], [421, 'HOST_UNKNOWN'])
    })
  }

  for (const [what, head, status] of [
    ['names another host in its target', 'GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost', 421],
    ['names this host in its target', 'GET http://localhost:PORT/healthz HTTP/1.1\r\nHost: localhost', 200],
    ['names another host than its target', 'GET http://localhost/healthz HTTP/1.1\r\nHost: evil.example', 421],
    ['names no host', 'GET /healthz HTTP/1.0', 421],
    ['asks for an unknown path', 'GET /nothing HTTP/1.1\r\nHost: evil.example', 421],
    ['claims to be forwarded', 'GET /healthz HTTP/1.1\r\nX-Forwarded-Host: localhost\r\nHost: evil.example', 421],
    ['logs in', 'POST /auth/login HTTP/1.1\r\nContent-Length: 0\r\nHost: evil.example', 421],
  ] as const) {
    it(`loopback registry: a request that ${what} gets ${status}`, async (t) => {
      const send = await listening(t, '127.0.0.1', {trustProxy: ['127.0.0.1']})
      assert.equal((await send(head)).status, status)
    })
  }

  it('loopback registry: responds to the host of the public URL at any port', async (t) => {
    const send = await listening(t, '127.0.0.1', {publicUrl: new URL('https://r.example.com:8443/apkg')})
    for (const host of ['r.example.com', 'R.example.com:443', 'localhost']) {
      assert.equal((await send(get(host))).status, 200, host)
    }
    for (const host of ['example.com', 'a.r.example.com', 'r.example.com.evil.example']) {
      assert.equal((await send(get(host))).status, 421, host)
    }
  })
})

it('registry on all addresses: responds to any host', async (t) => {
  const send = await listening(t, '0.0.0.0')
  assert.equal((await send(get('registry.internal'))).status, 200)
})
