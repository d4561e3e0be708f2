import {once} from 'node:events'
import type {IncomingMessage} from 'node:http'

import type {Agents, Got, Request} from 'got'

import {transportError} from './transport-error.js'
import {TransportError, type WireRequest, type WireResponse} from './transport.js'

/** Bytes, for responses that aren't streamed. */
const maxResponseSize = 8 * 1024 * 1024

/** Bytes of an upload that are written at once. */
const chunkSize = 64 * 1024

/**
 * Sends a request once and returns its response, with the body as text or as a stream.
 *
 * @param timeout milliseconds until the response must start, and between two chunks of a stream. A request that isn't
 *   streamed can take twice as long in total. An upload fails if it stalls for twice as long.
 * @throws errors of got; {TransportError}
 */
export async function sendRequest(
  got: Got,
  request: WireRequest,
  {timeout, agent}: {timeout: number; agent: Agents},
): Promise<WireResponse> {
  const {method, url, headers, body, signal, streamUpTo} = request
  const upload = typeof body === 'object' ? new Upload(body, request.onSent) : undefined
  const isStreamed = upload !== undefined || streamUpTo !== undefined
  const stream = got.stream(url, {
    method: method as 'GET',
    // If the registry responds before it has read the complete upload, the connection can't be reused.
    headers: upload ? {...headers, connection: 'close'} : headers,
    ...(body !== undefined && {body: upload?.chunks() ?? (body as string)}),
    agent,
    signal,
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    timeout: {
      lookup: 10_000,
      connect: 10_000,
      secureConnect: 10_000,
      // got starts the response timeout once the system has buffered the upload, which can be long before it is sent.
      ...(upload ? {socket: 2 * timeout} : {response: timeout}),
      ...(!isStreamed && {request: 2 * timeout}),
    },
    retry: {limit: 0},
  })
  // Without a listener, an error between the start of the response and the first read would end the process.
  stream.on('error', () => undefined)
  if (body === undefined && method !== 'GET') stream.end()
  const [response] = (await once(stream, 'response')) as [IncomingMessage]
  upload?.stop()
  const {statusCode: status = 0, headers: responseHeaders} = response
  const head = {status, headers: responseHeaders, body: ''}
  if (streamUpTo !== undefined && status >= 200 && status <= 299) {
    return {...head, stream: streamOf(stream, {timeout, maxSize: streamUpTo, signal})}
  }
  return {...head, body: await readText(stream, upload?.wasInterrupted === true)}
}

/** The bytes of an upload. It stops when a response arrives, because the registry can refuse before reading everything. */
class Upload {
  wasInterrupted = false
  #stopped = false
  #sent = false

  constructor(
    private readonly bytes: readonly Uint8Array[],
    private readonly onSent: WireRequest['onSent'],
  ) {}

  stop(): void {
    this.#stopped = true
    this.wasInterrupted = !this.#sent
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (const part of this.bytes) {
      for (let start = 0; start < part.length; start += chunkSize) {
        if (this.#stopped) return
        const chunk = part.subarray(start, start + chunkSize)
        yield chunk
        this.onSent?.(chunk.length)
      }
    }
    this.#sent = true
  }
}

/** @param wasInterrupted whether the upload was; then the connection can close early, and a partial body is acceptable */
async function readText(stream: Request, wasInterrupted: boolean): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxResponseSize) throw tooLarge(maxResponseSize)
      chunks.push(chunk)
    }
  } catch (error) {
    if (!wasInterrupted || error instanceof TransportError) throw error
  }
  return Buffer.concat(chunks).toString()
}

interface StreamLimits {
  timeout: number
  maxSize: number
  signal: AbortSignal
}

/** The timer runs only while waiting for bytes, so the reader can take as long as it likes. */
function streamOf(stream: Request, {timeout, maxSize, signal}: StreamLimits): AsyncIterable<Uint8Array> {
  let isStalled = false
  const startTimer = () =>
    setTimeout(() => {
      isStalled = true
      stream.destroy()
    }, timeout)
  let timer = startTimer()
  async function* read(): AsyncGenerator<Uint8Array> {
    let size = 0
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        clearTimeout(timer)
        size += chunk.length
        if (size > maxSize) throw tooLarge(maxSize)
        yield chunk
        timer = startTimer()
      }
    } catch (error) {
      throw isStalled ? new TransportError('timeout', 'the request timed out') : transportError(error, signal)
    } finally {
      clearTimeout(timer)
    }
  }
  return read()
}

function tooLarge(limit: number): TransportError {
  return new TransportError('too-large', `the response is larger than ${limit} bytes`)
}
