import type {Agent, ClientRequest, IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'

import {transportError} from './transport-error.js'
import {TransportError, type WireRequest, type WireResponse} from './transport.js'
import {Upload} from './upload.js'

/** Bytes, for responses that aren't streamed. */
const maxResponseSize = 8 * 1024 * 1024

/** Bytes. A smaller download is received without waiting for its reader, because an iterator costs more than its chunks. */
const maxReceivedAtOnce = 1024 * 1024

/** Milliseconds for each of looking up a host, connecting to it, and the TLS handshake. */
const connectTimeout = 10_000

/**
 * Sends a request once and returns its response, with the body as text or as a stream. Redirects aren't followed.
 *
 * @param timeout milliseconds until the response must start, and between two chunks of a stream. A request that isn't
 *   streamed can take twice as long in total. An upload fails if it stalls for twice as long.
 * @throws system errors; {TransportError}
 */
export async function sendRequest(
  request: WireRequest,
  {timeout, agent}: {timeout: number; agent: Agent},
): Promise<WireResponse> {
  const {method, url, headers, body, signal, streamUpTo} = request
  const {default: http} = url.protocol === 'http:' ? await import('node:http') : await import('node:https')
  signal.throwIfAborted()
  const upload = typeof body === 'object' ? new Upload(body, request.onSent) : undefined
  // If the registry responds before it has read the complete upload, the connection can't be reused.
  const sent = upload ? {...headers, connection: 'close'} : headers
  const outgoing = http.request(url, {method, headers: sent, agent})
  const exchange = new Exchange(outgoing, signal)
  try {
    exchange.limitConnecting(() => {
      if (upload) exchange.limitSilence(2 * timeout)
      else exchange.limit(timeout)
    })
    if (!upload && streamUpTo === undefined) exchange.limitTotal(2 * timeout)
    const arrival = exchange.response()
    if (upload) void upload.send(outgoing)
    else outgoing.end(body)
    const response = await arrival
    upload?.stop()
    const {statusCode: status = 0, headers: responseHeaders} = response
    const head = {status, headers: responseHeaders, body: ''}
    if (streamUpTo !== undefined && status >= 200 && status <= 299) {
      return {...head, stream: streamOf(exchange, response, {timeout, maxSize: streamUpTo})}
    }
    exchange.limit(2 * timeout)
    const text = await readText(response, upload?.wasInterrupted === true)
    exchange.end()
    return {...head, body: text}
  } catch (error) {
    throw exchange.failed(error)
  }
}

/** A request and its response, with what can end it early: the user, and timeouts. */
class Exchange {
  #incoming: IncomingMessage | undefined
  #failure: TransportError | undefined
  #phase: NodeJS.Timeout | undefined
  #total: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor(
    private readonly outgoing: ClientRequest,
    readonly signal: AbortSignal,
  ) {
    // Without a listener, an error between the start of the response and the first read would end the process.
    outgoing.on('error', () => undefined)
    signal.addEventListener('abort', this.#interrupt)
  }

  /** Resolves when the response has started. */
  async response(): Promise<IncomingMessage> {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      this.outgoing.once('response', resolve).once('error', reject)
    })
    incoming.on('error', () => undefined)
    this.#incoming = incoming
    return incoming
  }

  /** Limits each phase until there is a connection. @param onConnected called then */
  limitConnecting(onConnected: () => void): void {
    const waitOn = () => {
      this.limit(connectTimeout)
    }
    this.outgoing.once('socket', (socket: Socket) => {
      if (!socket.connecting) {
        onConnected()
        return
      }
      waitOn()
      const isEncrypted = 'encrypted' in socket
      socket.once('lookup', waitOn)
      socket.once('connect', isEncrypted ? waitOn : onConnected)
      if (isEncrypted) socket.once('secureConnect', onConnected)
    })
  }

  /** Fails the exchange after a time, instead of the last limit. */
  limit(milliseconds: number): void {
    clearTimeout(this.#phase)
    if (!this.#hasEnded) this.#phase = setTimeout(this.#timeOut, milliseconds)
  }

  /** Removes the last limit. */
  unlimit(): void {
    clearTimeout(this.#phase)
  }

  /** Fails the exchange when no bytes were sent or received for a time. */
  limitSilence(milliseconds: number): void {
    this.unlimit()
    this.outgoing.setTimeout(milliseconds, this.#timeOut)
  }

  limitTotal(milliseconds: number): void {
    this.#total = setTimeout(this.#timeOut, milliseconds)
  }

  end(): void {
    this.#hasEnded = true
    clearTimeout(this.#phase)
    clearTimeout(this.#total)
    this.signal.removeEventListener('abort', this.#interrupt)
    // An interrupted upload leaves the connection unusable.
    if (!this.outgoing.writableEnded) this.outgoing.destroy()
  }

  /** Closes the connection. @returns why the exchange ended, given the error that showed it */
  failed(error: unknown): unknown {
    this.end()
    this.#incoming?.destroy()
    this.outgoing.destroy()
    return this.#failure ?? error
  }

  readonly #interrupt = () => {
    this.#close(transportError(undefined, this.signal))
  }

  readonly #timeOut = () => {
    this.#close(new TransportError('timeout', 'the request timed out'))
  }

  #close(failure: TransportError): void {
    this.#failure ??= failure
    if (this.#incoming) this.#incoming.destroy(failure)
    else this.outgoing.destroy(failure)
  }
}

/** @param wasInterrupted whether the upload was; then the connection can close early, and a partial body is acceptable */
async function readText(response: IncomingMessage, wasInterrupted: boolean): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    await receive(response, (chunk) => {
      size += chunk.length
      if (size > maxResponseSize) throw tooLarge(maxResponseSize)
      chunks.push(chunk)
    })
  } catch (error) {
    if (!wasInterrupted || error instanceof TransportError) throw error
  }
  return Buffer.concat(chunks).toString()
}

/** Passes on each chunk when it arrives. Errors of the callback close the connection. */
function receive(response: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      try {
        onChunk(chunk)
      } catch (error) {
        response.destroy(error as Error)
      }
    })
    response.once('end', resolve).once('error', reject)
  })
}

interface StreamLimits {
  timeout: number
  maxSize: number
}

/** The timer runs only while waiting for bytes, so the reader can take as long as it likes. */
function streamOf(
  exchange: Exchange,
  response: IncomingMessage,
  {timeout, maxSize}: StreamLimits,
): AsyncIterable<Uint8Array> {
  exchange.limit(timeout)
  const length = Number(response.headers['content-length'] ?? Infinity)
  const received = length <= Math.min(maxReceivedAtOnce, maxSize) ? receiveAll(exchange, response, timeout) : undefined
  // The error is thrown when it is read.
  received?.catch(() => undefined)
  async function* read(): AsyncGenerator<Uint8Array> {
    let size = 0
    try {
      if (received) {
        yield* await received
        return
      }
      for await (const chunk of response as AsyncIterable<Buffer>) {
        exchange.unlimit()
        size += chunk.length
        if (size > maxSize) throw tooLarge(maxSize)
        yield chunk
        exchange.limit(timeout)
      }
      exchange.end()
    } catch (error) {
      throw transportError(exchange.failed(error), exchange.signal)
    } finally {
      exchange.unlimit()
    }
  }
  return read()
}

async function receiveAll(exchange: Exchange, response: IncomingMessage, timeout: number): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  await receive(response, (chunk) => {
    exchange.limit(timeout)
    chunks.push(chunk)
  })
  exchange.end()
  return chunks
}

function tooLarge(limit: number): TransportError {
  return new TransportError('too-large', `the response is larger than ${limit} bytes`)
}
