import assert from 'node:assert/strict'
import {METHODS} from 'node:http'
import {type AddressInfo, connect} from 'node:net'
import {describe, it} from 'node:test'

import {endpoints} from '@apkg/wire/protocol'

import {allowedMethods} from '../../../src/server/http/allowed-methods.js'
import {createWorld, type World} from '../../support/world.js'

const handler = async () => undefined
const allowedAt = allowedMethods([
  {method: 'GET', url: '/tokens', handler},
  {method: 'POST', url: '/tokens', handler},
  {method: 'DELETE', url: '/tokens/current', handler},
  {method: ['DELETE', 'PATCH'], url: '/tokens/:id', handler},
  {method: 'GET', url: '/packages/:name/:version/tarball', handler},
  {method: 'GET', url: '/@:scope/:name', handler},
])

describe('the methods of a path', () => {
  for (const [path, expected] of [
    ['/tokens', ['GET', 'HEAD', 'POST']],
    ['/tokens?limit=1', ['GET', 'HEAD', 'POST']],
    ['/%74okens', ['GET', 'HEAD', 'POST']],
    ['/tokens/current', ['DELETE']],
    ['/tokens/some%2Fid', ['DELETE', 'PATCH']],
    ['/tokens/%zz', ['DELETE', 'PATCH']],
    ['/packages/@a%2Fb/1.0.0/tarball', ['GET', 'HEAD']],
    ['/@ada/tool', ['GET', 'HEAD']],
    ['/%40ada/tool', ['GET', 'HEAD']],
    ['/@/tool', []],
    ['/ada/tool', []],
    ['/tokens/', []],
    ['/Tokens', []],
    ['/tokens/a/b', []],
    ['/', []],
    ['*', []],
  ] as const) {
    it(`allowed methods: ${path} has ${expected.join(', ') || 'none'}`, () => {
      assert.deepEqual(allowedAt(path), expected)
    })
  }
})

/** Every path of the registry, with its methods. */
const paths = new Map<string, string[]>([
  ['/healthz', ['GET']],
  ['/readyz', ['GET']],
  ['/openapi.json', ['GET']],
])
for (const {path, method} of Object.values(endpoints)) {
  const url = path.replaceAll(/\{\w+\}/g, '%40ada%2Ftool')
  paths.set(url, [...new Set([...(paths.get(url) ?? []), method])])
}
for (const methods of paths.values()) if (methods.includes('GET')) methods.push('HEAD')

describe('a method that the path does not have', () => {
  for (const [url, methods] of paths) {
    it(`unsupported method: ${url} responds with 405 and Allow`, async (t) => {
      const {port} = await listen(await createWorld(t))
      // A client connection that sends CONNECT becomes a tunnel.
      for (const method of METHODS.filter((each) => !methods.includes(each) && each !== 'CONNECT')) {
        const {status, headers, body} = await sendRequest(port, `${method} ${url} HTTP/1.1`)
        assert.equal(status, 405, method)
        assert.deepEqual(headers['allow']?.split(', ').sort(), methods.toSorted(), method)
        if (method !== 'HEAD') assert.equal(JSON.parse(body).error.code, 'METHOD_NOT_ALLOWED', method)
      }
    })
  }

  const rows: [what: string, requestLine: string, status: number, allow: string | undefined][] = [
    ['an invented method', 'BREW /auth/login HTTP/1.1', 405, 'POST'],
    ['a lower-case method', 'post /auth/login HTTP/1.1', 405, 'POST'],
    ['a longer method', 'GETS /auth/tokens?limit=1 HTTP/1.1', 405, 'POST, GET, HEAD'],
    ['an invented method for an absolute URL', 'BREW http://example.com/auth/login HTTP/1.0', 405, 'POST'],
    ['an invented method for an unknown path', 'BREW /nothing HTTP/1.1', 404, undefined],
    ['TRACE for an unknown path', 'TRACE /nothing HTTP/1.1', 404, undefined],
    ['OPTIONS for the server', 'OPTIONS * HTTP/1.1', 404, undefined],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1', 405, ''],
    ['a line without a version', 'BREW /auth/login', 400, undefined],
  ]
  for (const [what, requestLine, status, allow] of rows) {
    it(`unsupported method: ${what} gets ${status}`, async (t) => {
      const {port} = await listen(await createWorld(t))
      const answer = await sendRequest(port, requestLine)
      assert.deepEqual([answer.status, answer.headers['allow']], [status, allow])
      assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
      const {error} = JSON.parse(answer.body)
      assert.equal(error.requestId, answer.headers['x-request-id'])
    })
  }

  it('unsupported method: refused for its own path if other requests precede it in a packet', async (t) => {
    const {port} = await listen(await createWorld(t))
    const answers = await send(
      port,
      'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\nBREW /auth/login HTTP/1.1\r\nhost: localhost\r\n\r\n',
    )
    assert.match(answers, /HTTP\/1\.1 405 [^]*\r\nallow: POST\r\n/)
  })

  it('unsupported method: refused before the body is read', async (t) => {
    const world = await createWorld(t)
    const answer = await world.call('PATCH', '/auth/login', {body: '{', headers: {'content-type': 'application/json'}})
    assert.equal(answer.status, 405)
  })

  it('unsupported method: refused below the path of the public URL and without it', async (t) => {
    const {port} = await listen(await createWorld(t, {publicUrl: new URL('https://example.com/some/registry/')}))
    for (const path of ['/some/registry/auth/login', '/auth/login']) {
      for (const method of ['TRACE', 'GET', 'BREW']) {
        const {status, headers} = await sendRequest(port, `${method} ${path} HTTP/1.1`)
        assert.deepEqual([status, headers['allow']], [405, 'POST'], `${method} ${path}`)
      }
    }
    assert.equal((await sendRequest(port, 'BREW /some/registryauth/login HTTP/1.1')).status, 404)
  })
})

async function listen({app}: World): Promise<{port: number}> {
  await app.listen({host: '127.0.0.1', port: 0})
  return {port: (app.server.address() as AddressInfo).port}
}

interface RawResponse {
  status: number
  headers: Record<string, string>
  body: string
}

/** Sends one request without a body and reads the response. */
async function sendRequest(port: number, requestLine: string): Promise<RawResponse> {
  const [head = '', body = ''] = (
    await send(port, `${requestLine}\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  ).split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ])
  return {status: Number(statusLine.split(' ')[1]), headers: Object.fromEntries(headers), body}
}

async function send(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  return Buffer.concat(await socket.toArray()).toString()
}
