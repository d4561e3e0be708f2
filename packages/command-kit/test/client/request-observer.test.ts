import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, it, type TestContext} from 'node:test'

import {gotTransport} from '../../src/client/got-transport.js'
import type {ObservedRequest, RequestObserver} from '../../src/client/request-observer.js'

const secret = 'opaque/s3cr3t'

/** Responds with the given statuses in order. The request ID contains the Authorization header. */
async function startServer(t: TestContext, ...statuses: number[]) {
  const server = createServer((request, response) => {
    const id = `request-of-${request.headers.authorization ?? 'anonymous'}`
    response.writeHead(statuses.shift() ?? 200, {'x-request-id': id}).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function send(url: string, ...observers: RequestObserver[]) {
  const headers = {authorization: `Bearer ${secret}`}
  const {signal} = new AbortController()
  return gotTransport({}, observers)({method: 'GET', url: new URL(url), headers, signal})
}

function watcher(seen: ObservedRequest[]): RequestObserver {
  return {
    name: 'watcher',
    observe(request) {
      seen.push(request)
    },
  }
}

describe('a request observer', () => {
  it('request observer: is called for each attempt, without query, headers, body or secrets', async (t) => {
    const url = await startServer(t, 503, 200)
    const seen: ObservedRequest[] = []
    await send(`${url}/a/${encodeURIComponent(secret)}?label=${secret}`, watcher(seen))
    assert.deepEqual(
      seen.map(({duration, ...rest}) => rest),
      [503, 200].map((status, index) => ({
        method: 'GET',
        url: `${url}/a/[redacted]`,
        attempt: index + 1,
        status,
        failure: undefined,
        requestId: 'request-of-Bearer [redacted]',
      })),
    )
    assert.ok(seen.every(({duration}) => duration > 0 && duration < 60_000))
    assert.ok(!JSON.stringify(seen).includes('s3cr3t'))
  })

  it('request observer: gets the reason if the registry does not respond', async () => {
    const seen: ObservedRequest[] = []
    await assert.rejects(send('http://127.0.0.1:1/a', watcher(seen)), {name: 'TransportError'})
    assert.deepEqual(
      seen.map(({status, failure}) => [status, failure]),
      [[undefined, 'unreachable']],
    )
  })

  it('request observer: cannot affect the response or other observers by throwing, rejecting, hanging or modifying the request', async (t) => {
    const url = await startServer(t)
    const seen: ObservedRequest[] = []
    const observers: RequestObserver[] = [
      {
        name: 'throws',
        observe() {
          throw new Error('broken')
        },
      },
      {name: 'rejects', observe: () => Promise.reject(new Error('broken'))},
      {name: 'hangs', observe: () => new Promise(() => undefined)},
      {
        name: 'modifies',
        observe(request) {
          Object.assign(request, {method: 'DELETE'})
        },
      },
    ]
    const {status, body} = await send(url, ...observers, watcher(seen))
    assert.deepEqual([status, body], [200, '{}'])
    assert.deepEqual(
      seen.map(({method}) => method),
      ['GET'],
    )
  })
})
