import {once} from 'node:events'
import type {IncomingMessage} from 'node:http'

import type {Agents, Got, Request} from 'got'

import {transportError} from './transport-error.js'
import {TransportError, type WireRequest, type WireResponse} from './transport.js'

/** The largest answer that is read whole, in bytes. */
const maxAnswerSize = 8 * 1024 * 1024

/** How much of an upload is handed to the system at once, in bytes. */
const pieceSize = 64 * 1024

/**
 * Sends a request once and receives its answer, whole or as a stream.
 *
 * @param timeout how long the answer may take to begin, and a stream to go on, in milliseconds. What is sent and received
 *   whole may take twice that in all; an upload may take as long as it does not stand still for twice that.
 * @throws what got throws; `TransportError`.
 */
export async function sendRequest(
  got: Got,
  request: WireRequest,
  {timeout, agent}: {timeout: number; agent: Agents},
): Promise<WireResponse> {
  const {method, url, headers, body, signal, streamUpTo} = request
  const upload = typeof body === 'object' ? new Upload(body) : undefined
  const isWhole = !upload && streamUpTo === undefined
  const stream = got.stream(url, {
    method: method as 'GET',
    // A connection on which only half of an upload was taken is of no further use.
    headers: upload ? {...headers, connection: 'close'} : headers,
    ...(body !== undefined && {body: upload?.pieces() ?? (body as string)}),
    agent,
    signal,
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    timeout: {
      lookup: 10_000,
      connect: 10_000,
      secureConnect: 10_000,
      // Of an upload some is still on its way when the system has taken it all, so standing still counts instead.
      ...(upload ? {socket: 2 * timeout} : {response: timeout}),
      ...(isWhole && {request: 2 * timeout}),
    },
    retry: {limit: 0},
  })
  // Between the answer's beginning and its reading nobody else listens, and Node ends a process for that.
  stream.on('error', () => undefined)
  if (body === undefined && method !== 'GET') stream.end()
  const [response] = (await once(stream, 'response')) as [IncomingMessage]
  upload?.stop()
  const {statusCode: status = 0, headers: responseHeaders} = response
  const answer = {status, headers: responseHeaders, body: ''}
  if (streamUpTo !== undefined && status >= 200 && status <= 299) {
    return {...answer, stream: streamOf(stream, {timeout, largest: streamUpTo, signal})}
  }
  return {...answer, body: await textOf(stream, upload?.wasInterrupted === true)}
}

/** The bytes of an upload, which ends when the registry has answered: it may refuse before it has read them all. */
class Upload {
  wasInterrupted = false
  #stopped = false
  #sent = false

  constructor(private readonly bytes: readonly Uint8Array[]) {}

  stop(): void {
    this.#stopped = true
    this.wasInterrupted = !this.#sent
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for (const part of this.bytes) {
      for (let start = 0; start < part.length; start += pieceSize) {
        if (this.#stopped) return
        yield part.subarray(start, start + pieceSize)
      }
    }
    this.#sent = true
  }
}

/** @param uploadWasCutShort the connection may be gone before the refusal's body is read; its status says enough. */
async function textOf(stream: Request, uploadWasCutShort: boolean): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxAnswerSize) throw tooLarge(maxAnswerSize)
      chunks.push(chunk)
    }
  } catch (error) {
    if (!uploadWasCutShort || error instanceof TransportError) throw error
  }
  return Buffer.concat(chunks).toString()
}

interface StreamLimits {
  timeout: number
  largest: number
  signal: AbortSignal
}

/** The timer runs only while bytes are awaited: what the reader does with them may take its time. */
function streamOf(stream: Request, {timeout, largest, signal}: StreamLimits): AsyncIterable<Uint8Array> {
  let standsStill = false
  const waitForBytes = () =>
    setTimeout(() => {
      standsStill = true
      stream.destroy()
    }, timeout)
  let waiting = waitForBytes()
  async function* read(): AsyncGenerator<Uint8Array> {
    let size = 0
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        clearTimeout(waiting)
        size += chunk.length
        if (size > largest) throw tooLarge(largest)
        yield chunk
        waiting = waitForBytes()
      }
    } catch (error) {
      throw standsStill ? new TransportError('timeout', 'no answer in time') : transportError(error, signal)
    } finally {
      clearTimeout(waiting)
    }
  }
  return read()
}

function tooLarge(limit: number): TransportError {
  return new TransportError('too-large', `the answer is larger than ${limit} bytes`)
}
