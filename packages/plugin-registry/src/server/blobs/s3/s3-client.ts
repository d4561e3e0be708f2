import http from 'node:http'
import https from 'node:https'
import type {Readable} from 'node:stream'
import {pipeline} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'

import {AwsV4Signer} from 'aws4fetch'

import {BlobsUnavailable} from '../blobs-unavailable.js'
import type {CredentialProvider, S3Credentials} from './credentials.js'
import {elementOf} from './xml.js'

export interface S3ClientOptions {
  /** The URL of the bucket, with a slash at the end. */
  bucket: URL
  region: string
  credentials: CredentialProvider
  /** Milliseconds since 1970. By default, this machine's clock. It is corrected by the store's. */
  clock?: () => number
  /** In milliseconds. */
  timeouts?: Partial<Timeouts>
}

interface Timeouts {
  /** Until the response begins. */
  response: number
  /** Until the response begins, after a body was sent. */
  stored: number
  /** Without a byte, in either direction. */
  idle: number
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** Relative to the bucket. */
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: S3Body
  /** Statuses that the caller handles, besides 2xx. Their bodies are already read. */
  expected?: readonly number[]
  /** Whether one attempt is enough. */
  isOnce?: boolean
}

export interface S3Body {
  /** Hex. */
  sha256: string
  /** Bytes. */
  size: number
  /** Opens the bytes, once for each attempt. */
  open: () => Readable
}

export interface S3Response {
  status: number
  headers: http.IncomingHttpHeaders
  body: http.IncomingMessage
  /** The store's time, in milliseconds since 1970. */
  time: number
}

const attempts = 4
const firstDelay = 100

/** After this time, a failed request isn't repeated anymore, in milliseconds. Clients are waiting. */
const retryTime = 10_000

const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Sending the same request again can help. 409: another request for the same key is in progress. */
const retriedStatuses = [408, 409, 425, 429, 500, 502, 503, 504]

const retriedCodes = ['RequestTimeout', 'SlowDown', 'InternalError']

/** The credentials have expired or were replaced. */
const credentialCodes = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'TokenRefreshRequired',
]

const objectMissing = 'NoSuchKey'

const maxErrorSize = 64 * 1024

/** A response that the caller doesn't handle. */
export class UnexpectedResponse extends Error {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    /** A response to HEAD has no code. */
    readonly isHead: boolean,
  ) {
    super(`the store responded with ${status}${code === undefined ? '' : ` (${code})`}`)
  }
}

/** Sends signed requests to a bucket, and repeats those that fail. Errors never contain a query or a credential. */
export class S3Client {
  readonly #agent: http.Agent
  readonly #timeouts: Timeouts
  readonly #clock: () => number
  /** The store's clock minus this machine's, in milliseconds. */
  #offset = 0

  constructor(private readonly options: S3ClientOptions) {
    const {Agent} = options.bucket.protocol === 'https:' ? https : http
    this.#clock = options.clock ?? Date.now
    this.#agent = new Agent({keepAlive: true, maxSockets: 64})
    this.#timeouts = {response: 10_000, stored: 60_000, idle: 60_000, ...options.timeouts}
  }

  /** @throws {BlobsUnavailable} after all attempts, or for a response that is neither 2xx nor expected */
  async send(request: S3Request): Promise<S3Response> {
    let isRejected = false
    const began = performance.now()
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.#attempt(request, await this.options.credentials(isRejected))
        const {status} = response
        if (status >= 200 && status <= 299) return response
        const problem = new UnexpectedResponse(status, await errorCode(response.body), request.method === 'HEAD')
        if (request.expected?.includes(status) && isAboutObject(problem)) return response
        throw problem
      } catch (error) {
        const isLate = performance.now() - began > retryTime
        const isFinal = isLate || attempt === (request.isOnce === true ? 1 : attempts)
        // A refreshed credential that is rejected again won't be accepted later.
        if (isFinal || !canRetry(error) || (isRejected && isAboutCredential(error))) {
          throw new BlobsUnavailable(`the blob store failed: ${describe(error)}`, {cause: error})
        }
        isRejected = isAboutCredential(error)
        if (!isRejected && !isAboutClock(error))
          await sleep(firstDelay * 4 ** (attempt - 1) * (0.5 + Math.random() / 2))
      }
    }
  }

  async #attempt({method, key, query = {}, headers, body}: S3Request, credentials: S3Credentials): Promise<S3Response> {
    const url = new URL(key, this.options.bucket)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const {headers: signed} = await this.#sign(
      {method, url: url.href, headers: {...headers, 'x-amz-content-sha256': body?.sha256 ?? emptySha256}},
      credentials,
    )
    const length = method === 'PUT' ? {'content-length': String(body?.size ?? 0)} : {}
    const response = await this.#transmit(url, {method, headers: {...Object.fromEntries(signed), ...length}}, body)
    const time = Date.parse(response.headers.date ?? '')
    if (!Number.isNaN(time)) this.#offset = time - this.#clock()
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: response,
      time: this.#clock() + this.#offset,
    }
  }

  #sign(
    request: {method: string; url: string; headers: Record<string, string>},
    {accessKeyId, secretAccessKey, sessionToken}: S3Credentials,
  ) {
    const datetime = new Date(this.#clock() + this.#offset).toISOString().replace(/[:-]|\.\d{3}/g, '')
    return new AwsV4Signer({
      ...{...request, service: 's3', region: this.options.region, datetime, accessKeyId, secretAccessKey},
      ...(sessionToken !== undefined && {sessionToken}),
    }).sign()
  }

  #transmit(url: URL, options: http.RequestOptions, body: S3Body | undefined): Promise<http.IncomingMessage> {
    const {request} = url.protocol === 'https:' ? https : http
    const {response: withoutBody, stored, idle} = this.#timeouts
    return new Promise((resolve, reject) => {
      const sent = request(url, {...options, agent: this.#agent})
      const giveUp = (reason: string) => () => sent.destroy(new Error(reason))
      const timer = setTimeout(giveUp('timed out'), body ? stored : withoutBody)
      sent.setTimeout(idle, giveUp('the connection is idle'))
      sent.once('response', (response) => {
        clearTimeout(timer)
        resolve(response)
      })
      // After the response has begun, its body reports the error.
      sent.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
      if (!body) sent.end()
      else {
        const source = body.open()
        source.on('data', () => timer.refresh())
        pipeline(source, sent, () => undefined)
      }
    })
  }
}

async function errorCode(body: http.IncomingMessage): Promise<string | undefined> {
  let text = ''
  try {
    for await (const chunk of body) {
      text += String(chunk)
      if (text.length > maxErrorSize) break
    }
  } catch {
    // The status says enough.
  }
  const code = elementOf(text, 'Code')
  return code !== undefined && /^\w{1,64}$/.test(code) ? code : undefined
}

/** An error without a response, such as a refused connection, can be retried: keys are never written twice. */
function canRetry(error: unknown): boolean {
  if (!(error instanceof UnexpectedResponse)) return (error as NodeJS.ErrnoException).syscall !== 'open'
  const {status, code = ''} = error
  if (retriedStatuses.includes(status) || retriedCodes.includes(code)) return true
  return isAboutCredential(error) || isAboutClock(error)
}

function isAboutCredential(error: unknown): boolean {
  if (!(error instanceof UnexpectedResponse)) return false
  return error.isHead ? [400, 403].includes(error.status) : credentialCodes.includes(error.code ?? '')
}

/** Whether a response is about the object, rather than about a bucket or a credential that does not exist. */
function isAboutObject({status, code = objectMissing}: UnexpectedResponse): boolean {
  return status === 404 ? code === objectMissing : !credentialCodes.includes(code)
}

/** The clock was corrected by the response. */
function isAboutClock(error: unknown): boolean {
  return error instanceof UnexpectedResponse && error.code === 'RequestTimeTooSkewed'
}

function describe(error: unknown): string {
  if (error instanceof UnexpectedResponse) return error.message
  const {code, message} = error as NodeJS.ErrnoException
  return code ?? message
}
