import {tarballDownload} from '@apkg/wire'
import type {EndpointName, endpoints as endpointTable, PublishAnswer, PublishMetadata} from '@apkg/wire/protocol'
import type {Static, TSchema} from 'typebox'

import {Secret} from '../credentials/secret.js'
import type {Credential, RefreshSession} from '../credentials/source.js'
import {type ApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {liesWithin} from '../registry/registry-url.js'
import type {RegistryTarget} from '../registry/registry-target.js'
import {printable} from '../terminal/printable.js'
import type {Endpoint} from './endpoints.js'
import type {Content} from './publish-body.js'
import {parseAnswer} from './parse-answer.js'
import {readRefusal, refusalBehind, type RegistryRefusal} from './registry-refusal.js'
import {redactSent, type Redact} from './sent-secret.js'
import {timeoutSignal} from './timeout-signal.js'
import {TransportError, type Transport, type WireRequest, type WireResponse} from './transport.js'

type Table = typeof endpointTable

/** What a call takes beside its name: the parts that its endpoint declares. */
export type CallInput<Name extends EndpointName> = {
  [
    Part in 'params' | 'query' | 'body' as Table[Name] extends Record<Part, TSchema> ? Part : never
  ]: Table[Name] extends Record<Part, infer Schema extends TSchema> ? Static<Schema> : never
}

export type CallAnswer<Name extends EndpointName> = Table[Name] extends {answer: infer Schema extends TSchema}
  ? Static<Schema>
  : undefined

/** What a conditional GET brings: nothing new, or the answer and the tag to ask with the next time. */
export type ConditionalAnswer<Name extends EndpointName> =
  {changed: false} | {changed: true; answer: CallAnswer<Name>; etag: string | undefined}

export interface CallOptions {
  /** How long to wait in all, in milliseconds, where that is less than the transport's own timeout. */
  timeout?: number
}

export interface ClientOptions {
  target: RegistryTarget
  credential: Credential | undefined
  transport: Transport
  /** Aborted when the user presses Ctrl-C. */
  interrupted: AbortSignal
  userAgent: string
  offline: boolean
  /** Next steps for a refused request, given the source of its credential. */
  hintsFor: (refusal: RegistryRefusal, source: string | undefined) => Promise<string[] | undefined>
  /** Runs while an answer is awaited; shows that something is going on. */
  whileWaiting: <Answer>(purpose: string, answer: Promise<Answer>) => Promise<Answer>
}

/** What a request holds beside what its endpoint settles. */
interface Message extends CallOptions {
  params?: Record<string, string>
  query?: Record<string, string | number | undefined>
  content?: Content
  /** An entity tag: the answer is wanted only if it has another. */
  unless?: string | undefined
  /** See `WireRequest`. */
  streamUpTo?: number
}

/** How many redirects of a GET are followed. */
const maxRedirects = 5

const jsonType = 'application/json'

const notModified = 304

/**
 * Speaks the registry's protocol, and is the only place that puts a credential into a request.
 *
 * Prints nothing, asks nothing, reads no environment. Every answer is checked against the protocol's schema.
 */
export class RegistryClient {
  #credential: Credential | undefined

  constructor(private readonly options: ClientOptions) {
    this.#credential = options.credential
  }

  /** The registry's canonical URL. */
  get registry(): string {
    return this.options.target.registry
  }

  /** What authenticates the requests; undefined for an anonymous client. */
  get credential(): Pick<Credential, 'source'> | undefined {
    return this.#credential
  }

  /** A client for the same registry with another credential, as for checking a token before it is stored. */
  withCredential(credential: Credential | undefined): RegistryClient {
    return new RegistryClient({...this.options, credential})
  }

  /**
   * Calls an endpoint of the protocol.
   *
   * A session whose access token was rejected is refreshed once, and the request sent again.
   *
   * @param input the parameters, query and body that the endpoint declares.
   * @throws {ApkgError} `OFFLINE`, `UNREACHABLE`, `TIMED_OUT`, `INTERRUPTED`; `REJECTED` (401), `REFUSED` (402, 403,
   *   409), `RATE_LIMITED` (429), `SERVER_FAILED` (5xx), `REQUEST_FAILED` (any other), each with the `RegistryRefusal`
   *   as its cause; `REDIRECTED`; `BAD_ANSWER` for what is not the protocol's JSON; `SESSION_ENDED`.
   */
  async call<Name extends EndpointName>(
    name: Name,
    input: CallInput<Name>,
    options: CallOptions = {},
  ): Promise<CallAnswer<Name>> {
    const endpoint = await this.#endpoint(name)
    const response = await this.#whileWaiting(endpoint, messageOf(input), options)
    return this.#read(endpoint, response) as CallAnswer<Name>
  }

  /**
   * As `call`, for a GET whose answer the caller may hold already.
   *
   * @param etag of the answer that is held; one that is no entity tag (RFC 9110, 8.8.3) counts as none.
   */
  async callIfChanged<Name extends EndpointName>(
    name: Name,
    input: CallInput<Name>,
    etag: string | undefined,
  ): Promise<ConditionalAnswer<Name>> {
    const endpoint = await this.#endpoint(name)
    const held = entityTag(etag)
    const response = await this.#whileWaiting(endpoint, {...messageOf(input), unless: held})
    if (response.status === notModified) return {changed: false}
    const answer = this.#read(endpoint, response) as CallAnswer<Name>
    return {changed: true, answer, etag: entityTag(response.headers['etag'])}
  }

  /**
   * The bytes of a version's tarball, as they arrive. Resolves when the answer has begun; to be read at once and to its
   * end.
   *
   * @param options `largest`: how many bytes it may have.
   * @throws {ApkgError} as `call` does; the iteration too: `UNREACHABLE` when the connection is cut, `TIMED_OUT` when it
   *   stands still, `BAD_ANSWER` past `largest`, `INTERRUPTED`.
   */
  async download(
    version: {name: string; version: string},
    {largest}: {largest: number},
  ): Promise<AsyncIterable<Uint8Array>> {
    const purpose = `download ${printable(`${version.name}@${version.version}`)}`
    const endpoint = this.#reachable({...tarballDownload, purpose})
    const {stream} = await this.#refreshing(endpoint, {params: version, streamUpTo: largest})
    return this.#translated(endpoint, stream ?? [])
  }

  /**
   * Publishes a version. Sent once, or once more with a session that was refreshed.
   *
   * @throws {ApkgError} as `call` does.
   */
  async publish(metadata: PublishMetadata, tarball: Uint8Array): Promise<PublishAnswer> {
    const [endpoint, {publication}] = await Promise.all([this.#endpoint('publishPackage'), import('./publish-body.js')])
    const message = {params: {name: metadata.name}, content: publication(metadata, tarball)}
    return this.#read(endpoint, await this.#whileWaiting(endpoint, message)) as PublishAnswer
  }

  /** Ends a session on the registry. A registry without that endpoint refuses with 404 or 405. */
  async endSession(refreshToken: Secret, options: CallOptions = {}): Promise<void> {
    await this.call('logout', {body: {refreshToken: refreshToken.expose()}}, options)
  }

  /** @throws {ApkgError} `OFFLINE`. */
  async #endpoint(name: EndpointName): Promise<Endpoint> {
    const {endpoints} = await import('./endpoints.js')
    return this.#reachable(endpoints[name])
  }

  /** @throws {ApkgError} `OFFLINE`. */
  #reachable(endpoint: Endpoint): Endpoint {
    if (this.options.offline) throw failure('OFFLINE', {purpose: endpoint.purpose})
    return endpoint
  }

  #whileWaiting(endpoint: Endpoint, message: Message, options?: CallOptions): Promise<WireResponse> {
    return this.options.whileWaiting(endpoint.purpose, this.#refreshing(endpoint, {...message, ...options}))
  }

  async #refreshing(endpoint: Endpoint, message: Message): Promise<WireResponse> {
    try {
      return await this.#send(endpoint, message)
    } catch (error) {
      if (endpoint.access === 'public' || refusalBehind(error)?.status !== 401) throw error
      const renewed = await this.#credential?.renew?.((token) => this.#refresh(token))
      if (!renewed) throw error
      this.#credential = renewed
      return this.#send(endpoint, message)
    }
  }

  #refresh: RefreshSession = async (refreshToken) => {
    const {endpoints} = await import('./endpoints.js')
    const message = messageOf({body: {refreshToken: refreshToken.expose()}})
    try {
      const response = await this.#send(endpoints.refresh, message)
      const answer = this.#read(endpoints.refresh, response) as CallAnswer<'refresh'>
      return {accessToken: new Secret(answer.accessToken), refreshToken: new Secret(answer.refreshToken)}
    } catch (error) {
      const refusal = refusalBehind(error)
      if (refusal?.status === 404 || refusal?.status === 405) return 'not-offered'
      if (refusal?.status !== 400 && refusal?.status !== 401) throw error
      throw failure('SESSION_ENDED', {registry: this.registry, reason: refusal.reason}, {cause: refusal})
    }
  }

  /** Where the endpoint is: the registry, or what the configuration names for its service. */
  #base({service}: Endpoint): string {
    return this.options.target.services[service] ?? this.registry
  }

  /** A success, or 304 where the message has a condition. */
  async #send(endpoint: Endpoint, message: Message): Promise<WireResponse> {
    const response = await this.#follow(endpoint, message)
    const {status} = response
    const isExpected = (status >= 200 && status <= 299) || (status === notModified && message.unless !== undefined)
    if (isExpected) return response
    throw await this.#refused(readRefusal(response, this.#redactSent(endpoint)), endpoint)
  }

  #read(endpoint: Endpoint, response: WireResponse): unknown {
    if (!endpoint.fits) return undefined
    const answer = parseAnswer(response.body)
    const reason =
      answer === undefined
        ? `the response is not JSON (${this.#redactSent(endpoint)(describeType(response.headers))})`
        : `the response to ${endpoint.method} ${endpoint.path} does not match the protocol`
    if (answer === undefined || !endpoint.fits(answer)) {
      throw failure('BAD_ANSWER', {...this.#facts(endpoint), reason})
    }
    return answer
  }

  /** Sends a request and follows the redirects that may be followed. */
  async #follow(endpoint: Endpoint, message: Message): Promise<WireResponse> {
    let url = addressOf(endpoint, this.#base(endpoint), message)
    const {content, timeout, streamUpTo} = message
    for (let redirects = 0; ; redirects++) {
      const response = await this.#transmit(endpoint, timeout, {
        method: endpoint.method,
        url,
        headers: this.#headers(endpoint, message),
        ...(content && {body: content.body}),
        ...(streamUpTo !== undefined && {streamUpTo}),
      })
      const target = redirectTarget(response, url)
      if (!target) return response
      const followed = endpoint.method === 'GET' && redirects < maxRedirects && this.#mayFollow(endpoint, url, target)
      if (!followed) {
        const redact = this.#redactSent(endpoint)
        throw failure('REDIRECTED', {...this.#facts(endpoint), target: redact(target.origin + target.pathname)})
      }
      url = target
    }
  }

  /** A redirect may lead to TLS but not away from it, and with a credential nowhere but into the registry. */
  #mayFollow(endpoint: Endpoint, from: URL, target: URL): boolean {
    if (target.username !== '' || target.password !== '') return false
    if (target.protocol !== from.protocol && target.protocol !== 'https:') return false
    return endpoint.access === 'public' || this.#credential === undefined || liesWithin(target, this.#base(endpoint))
  }

  /** What an error says of a request: what it was for, where it went, with which credential. */
  #facts(endpoint: Endpoint) {
    const source = endpoint.access === 'public' ? undefined : this.#credential?.source
    return {purpose: endpoint.purpose, registry: this.#base(endpoint), source}
  }

  #headers({access, answerFormat}: Endpoint, {content, unless}: Message): Record<string, string> {
    const secret = this.#secretFor(access)
    return {
      accept: answerFormat === 'bytes' ? '*/*' : jsonType,
      'user-agent': this.options.userAgent,
      ...(content && {'content-type': content.type, 'content-length': String(lengthOf(content))}),
      ...(unless !== undefined && {'if-none-match': unless}),
      ...(secret && {authorization: `Bearer ${secret.expose()}`}),
    }
  }

  #secretFor(access: Endpoint['access']): Credential['secret'] | undefined {
    return access === 'public' ? undefined : this.#credential?.secret
  }

  #redactSent({access}: Endpoint): Redact {
    return redactSent(this.#secretFor(access)?.expose())
  }

  async #transmit(
    endpoint: Endpoint,
    timeout: number | undefined,
    request: Omit<WireRequest, 'signal'>,
  ): Promise<WireResponse> {
    const {transport, interrupted} = this.options
    const signals = timeout === undefined ? [interrupted] : [interrupted, timeoutSignal(timeout)]
    try {
      return await transport({...request, signal: AbortSignal.any(signals)})
    } catch (error) {
      throw this.#unanswered(error, endpoint)
    }
  }

  async *#translated(
    endpoint: Endpoint,
    stream: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* stream
    } catch (error) {
      throw this.#unanswered(error, endpoint)
    }
  }

  #unanswered(error: unknown, endpoint: Endpoint): unknown {
    if (!(error instanceof TransportError)) return error
    const {kind, reason} = error
    const because = {cause: error}
    if (kind === 'interrupted') return failure('INTERRUPTED')
    const facts = this.#facts(endpoint)
    if (kind === 'timeout') return failure('TIMED_OUT', facts, because)
    if (kind === 'too-large') return failure('BAD_ANSWER', {...facts, reason}, because)
    return failure('UNREACHABLE', {...facts, reason}, because)
  }

  async #refused(refusal: RegistryRefusal, endpoint: Endpoint): Promise<ApkgError> {
    const {status, reason, retryAfter} = refusal
    const facts = {...this.#facts(endpoint), reason}
    const because = {cause: refusal}
    if ([401, 402, 403, 409].includes(status)) {
      const suggestions = await this.options.hintsFor(refusal, facts.source)
      const withHints = {...facts, ...(suggestions && {suggestions})}
      return failure(status === 401 ? 'REJECTED' : 'REFUSED', withHints, because)
    }
    if (status === 429) return failure('RATE_LIMITED', {...facts, retryAfter}, because)
    if (status >= 500) return failure('SERVER_FAILED', facts, because)
    return failure('REQUEST_FAILED', facts, because)
  }
}

function messageOf({body, ...parts}: {body?: object} & Pick<Message, 'params' | 'query'>): Message {
  return {...parts, ...(body && {content: {type: jsonType, body: JSON.stringify(body)}})}
}

/** In bytes. */
function lengthOf({body}: Content): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.reduce((sum, {length}) => sum + length, 0)
}

function entityTag(text: unknown): string | undefined {
  return typeof text === 'string' && /^(?:W\/)?"[\x21\x23-\x7E]*"$/.test(text) ? text : undefined
}

function addressOf(endpoint: Endpoint, base: string, {params = {}, query = {}}: Message): URL {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(params[name] ?? ''))
  const url = new URL(base + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** One path segment with everything but `A-Za-z0-9-_.~` percent-encoded, as the original client sends it. */
function encodeSegment(text: string): string {
  if (/^\.{0,2}$/.test(text)) throw failure('USAGE', {message: `\`${text}\` cannot be part of a URL`})
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
}

function redirectTarget({status, headers}: WireResponse, from: URL): URL | undefined {
  const {location} = headers
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined
}

function describeType(headers: WireResponse['headers']): string {
  const type = headers['content-type']
  return typeof type === 'string' ? `content type ${type}` : 'no content type'
}
