import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer, type IncomingMessage, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {gotTransport} from '../../src/client/got-transport.js'
import {TransportError, type WireRequest, type WireResponse} from '../../src/client/transport.js'

/** Starts a server that counts its connections. */
async function startServer(t: TestContext, answer: RequestListener) {
  const arrivals: IncomingMessage[] = []
  const server = createServer((request, response) => {
    arrivals.push(request)
    answer(request, response)
  })
  let connections = 0
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return {url, arrivals, connections: () => connections}
}

function get(url: URL, change: Partial<WireRequest> = {}): WireRequest {
  return {method: 'GET', url, headers: {}, streamUpTo: 1_000_000, signal: new AbortController().signal, ...change}
}

function put(url: URL, body: readonly Uint8Array[], change: Partial<WireRequest> = {}): WireRequest {
  const length = body.reduce((sum, part) => sum + part.length, 0)
  const headers = {'content-length': String(length)}
  return {method: 'PUT', url, headers, body, signal: new AbortController().signal, ...change}
}

async function bytesOf({stream}: WireResponse): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  assert.ok(stream)
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Long enough for immediate responses, even on a busy machine. */
const shortTimeout = gotTransport({APKG_TIMEOUT_SECS: '1.5'})

describe('a streamed response', {concurrency: true}, () => {
  it('streamed response: can be read before it is complete', async (t) => {
    let finish: () => void = () => undefined
    const {url} = await startServer(t, (_, response) => {
      response.writeHead(200).write('first ')
      finish = () => response.end('second')
    })
    const {status, body, stream} = await gotTransport({})(get(url))
    assert.deepEqual([status, body], [200, ''])
    const reading = stream![Symbol.asyncIterator]()
    assert.equal(String((await reading.next()).value), 'first ')
    finish()
    assert.equal(String((await reading.next()).value), 'second')
    assert.equal((await reading.next()).done, true)
  })

  it('streamed response: can take longer than the timeout in total', async (t) => {
    const {url} = await startServer(t, (_, response) => {
      const parts = ['1', '2', '3', '4', '5', '6', '7', '8']
      const timer = setInterval(() => {
        const part = parts.shift()
        if (part) return response.write(part)
        clearInterval(timer)
        return response.end()
      }, 300)
    })
    assert.equal((await bytesOf(await shortTimeout(get(url)))).length, 8)
  })

  it('streamed response: times out if it stalls', async (t) => {
    const {url} = await startServer(t, (_, response) => response.writeHead(200).write('x'))
    const answer = await shortTimeout(get(url))
    await assert.rejects(bytesOf(answer), {name: 'TransportError', kind: 'timeout'})
  })

  it('streamed response: waits for a reader that is slower than the timeout', async (t) => {
    const {url} = await startServer(t, (_, response) => {
      response.writeHead(200).write('first')
      setTimeout(() => response.end('second'), 50)
    })
    let text = ''
    for await (const chunk of (await shortTimeout(get(url))).stream!) {
      text += String(chunk)
      await sleep(2000)
    }
    assert.equal(text, 'firstsecond')
  })

  it('streamed response: times out if reading does not start', async (t) => {
    const {url, arrivals} = await startServer(t, (_, response) => response.writeHead(200).write('x'))
    const answer = await shortTimeout(get(url))
    await once(arrivals[0]!.socket, 'close')
    await assert.rejects(bytesOf(answer), {kind: 'timeout'})
  })

  for (const [what, length] of [
    ['with a content length', {'content-length': '10'}],
    ['without a content length', {}],
  ] as const) {
    it(`streamed response: fails without a retry if it is truncated, ${what}`, async (t) => {
      const {url, arrivals} = await startServer(t, (_, response) => {
        response.writeHead(200, length).write('x', () => response.destroy())
      })
      const answer = await gotTransport({})(get(url))
      await assert.rejects(bytesOf(answer), {kind: 'unreachable', reason: 'connection reset'})
      assert.equal(arrivals.length, 1)
    })
  }

  it('streamed response: fails if it exceeds the maximum size', async (t) => {
    const {url, arrivals} = await startServer(t, (_, response) => response.writeHead(200).write(Buffer.alloc(1001)))
    const answer = await gotTransport({})(get(url, {streamUpTo: 1000}))
    await assert.rejects(bytesOf(answer), {kind: 'too-large', reason: 'the response is larger than 1000 bytes'})
    await once(arrivals[0]!.socket, 'close')
  })

  it('streamed response: can have exactly the maximum size', async (t) => {
    const {url} = await startServer(t, (_, response) => response.writeHead(200).end(Buffer.alloc(1000)))
    assert.equal((await bytesOf(await gotTransport({})(get(url, {streamUpTo: 1000})))).length, 1000)
  })

  it('streamed response: is aborted if the user interrupts it', async (t) => {
    const {url} = await startServer(t, (_, response) => response.writeHead(200).write('x'))
    const abort = new AbortController()
    const reading = bytesOf(await gotTransport({})(get(url, {signal: abort.signal})))
    setTimeout(() => abort.abort(), 30)
    await assert.rejects(reading, {kind: 'interrupted'})
  })

  it('streamed response: is not streamed if it is an error', async (t) => {
    const {url} = await startServer(t, (_, response) => response.writeHead(404).end('no'))
    const {status, body, stream} = await gotTransport({})(get(url))
    assert.deepEqual([status, body, stream], [404, 'no', undefined])
  })

  it('streamed response: is requested again if the connection is closed or the registry is busy', async (t) => {
    const {url, arrivals} = await startServer(t, (request, response) => {
      if (arrivals.length === 1) request.socket.destroy()
      else if (arrivals.length === 2) response.writeHead(503, {'retry-after': '0'}).end('busy')
      else response.writeHead(200).end('here')
    })
    assert.equal(String(await bytesOf(await gotTransport({})(get(url)))), 'here')
    assert.equal(arrivals.length, 3)
  })
})

describe('connections', () => {
  it('connections: are reused by later requests', async (t) => {
    const {url, connections} = await startServer(t, (_, response) => response.writeHead(200).end('x'))
    const transport = gotTransport({})
    for (let turn = 0; turn < 5; turn++) await bytesOf(await transport(get(url)))
    assert.equal(connections(), 1)
  })

  it('connections: are limited to 16 at a time', async (t) => {
    const {url, connections} = await startServer(t, (_, response) => {
      setTimeout(() => response.writeHead(200).end('x'), 10)
    })
    const transport = gotTransport({})
    await Promise.all(Array.from({length: 60}, async () => bytesOf(await transport(get(url)))))
    assert.equal(connections(), 16)
  })
})

describe('Retry-After', {concurrency: true}, () => {
  for (const [what, value, attempts] of [
    ['of more than 10 seconds prevents a retry', '11', 1],
    ['with a date more than 10 seconds away prevents a retry', new Date(Date.now() + 60_000).toUTCString(), 1],
    ['with a date in the past allows an immediate retry', 'Thu, 01 Jan 1970 00:00:00 GMT', 3],
    ['that is malformed is ignored', 'soon', 3],
  ] as const) {
    it(`Retry-After: ${what}`, async (t) => {
      const {url, arrivals} = await startServer(t, (_, response) =>
        response.writeHead(429, {'retry-after': value}).end('slow down'),
      )
      assert.equal((await gotTransport({})(get(url))).status, 429)
      assert.equal(arrivals.length, attempts)
    })
  }

  it('Retry-After: stops delaying if the user interrupts the request', async (t) => {
    const {url} = await startServer(t, (_, response) => response.writeHead(429, {'retry-after': '9'}).end())
    const abort = new AbortController()
    const sending = gotTransport({})(get(url, {signal: abort.signal}))
    setTimeout(() => abort.abort(), 100)
    await assert.rejects(sending, {kind: 'interrupted'})
  })
})

describe('an upload', {concurrency: true}, () => {
  const megabytes = [Buffer.from('head'), Buffer.alloc(20 * 1024 * 1024, 1), Buffer.from('tail')]

  it('upload: arrives byte for byte', async (t) => {
    const parts: Buffer[] = []
    const {url} = await startServer(t, (request, response) => {
      request.on('data', (chunk: Buffer) => parts.push(chunk)).on('end', () => response.end('thanks'))
    })
    const {status, body} = await gotTransport({})(put(url, megabytes))
    assert.deepEqual([status, body], [200, 'thanks'])
    assert.ok(Buffer.concat(parts).equals(Buffer.concat(megabytes)))
  })

  it('upload: can take longer than the timeout if it does not stall', async (t) => {
    // More than the kernel buffers (at least 32 MiB), so that the client makes progress between two pauses of the server.
    const burst = 40 * 1024 * 1024
    const {url} = await startServer(t, (request, response) => {
      let size = 0
      let next = burst
      request.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size < next) return
        next += burst
        request.pause()
        setTimeout(() => request.resume(), 900)
      })
      request.on('end', () => response.end(String(size)))
    })
    const body = Array.from({length: 8}, () => megabytes).flat()
    const begun = performance.now()
    const answer = await shortTimeout(put(url, body))
    assert.equal(Number(answer.body), 8 * (20 * 1024 * 1024 + 8))
    assert.ok(performance.now() - begun > 3000, 'it took longer than the timeout')
  })

  it('upload: times out if it stalls', async (t) => {
    const {url, arrivals} = await startServer(t, (request) => request.pause())
    await assert.rejects(shortTimeout(put(url, megabytes)), {kind: 'timeout'})
    assert.equal(arrivals.length, 1)
  })

  it('upload: is not retried', async (t) => {
    const {url, arrivals} = await startServer(t, (request) => request.socket.destroy())
    await assert.rejects(gotTransport({})(put(url, megabytes)), TransportError)
    assert.equal(arrivals.length, 1)
  })

  it('upload: is aborted if the user interrupts it', async (t) => {
    const {url} = await startServer(t, (request) => request.pause())
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 50)
    await assert.rejects(gotTransport({})(put(url, megabytes, {signal: abort.signal})), {kind: 'interrupted'})
  })

  for (const [what, after] of [
    ['closes the connection', (request: IncomingMessage) => setTimeout(() => request.socket.destroy(), 20)],
    ['stops reading', () => undefined],
    ['reads the rest', (request: IncomingMessage) => request.resume()],
  ] as const) {
    it(`upload: resolves to an early refusal if the registry then ${what}`, async (t) => {
      const {url} = await startServer(t, (request, response) => {
        request.pause()
        response.writeHead(413, {'content-type': 'text/plain'}).end('too large', () => after(request))
      })
      for (let turn = 0; turn < 10; turn++) {
        const {status, body} = await gotTransport({})(put(url, megabytes))
        assert.deepEqual([status, body], [413, 'too large'])
      }
    })
  }

  it('upload: resolves to an early refusal even if its body is truncated', async (t) => {
    const {url} = await startServer(t, (request, response) => {
      request.pause()
      response.writeHead(413, {'content-length': '100'}).write('too', () => request.socket.destroy())
    })
    assert.equal((await gotTransport({})(put(url, megabytes))).status, 413)
  })
})
