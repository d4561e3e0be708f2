import {setTimeout as sleep} from 'node:timers/promises'

import {type ProblemCode, problems, tarballDownload} from '@apkg/wire'
import type {EndpointName, endpoints as endpointTable, PublishResponse, PublishMetadata} from '@apkg/wire/protocol'
import type {Static, TSchema} from 'typebox'

import {Secret} from '../credentials/secret.js'
import type {Credential, RefreshSession} from '../credentials/source.js'
import type {ByteProgress} from '../terminal/progress.js'
import type {ApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {isUrlWithin, publicRegistry} from '../registry/registry-url.js'
import type {RegistryTarget} from '../registry/registry-target.js'
import {printable} from '../terminal/printable.js'
import type {Endpoint} from './endpoints.js'
import type {Content} from './publish-body.js'
import {type CredentialExpiry, readExpiry} from './credential-expiry.js'
import {parseResponse} from './parse-response.js'
import {refusalError, type HintsFor} from './refusal-error.js'
import {readRefusal, refusalBehind, type RefusalFacts, RegistryRefusal} from './registry-refusal.js'
import {SentSecrets} from './redact-sent.js'
import {timeoutSignal} from './timeout-signal.js'
import {TransportError, type Transport, type WireRequest, type WireResponse} from './transport.js'

type Table = typeof endpointTable

/** The input of a call: those of `params`, `query` and `body` that the endpoint declares. */
export type CallInput<Name extends EndpointName> = {
  [
    Part in 'params' | 'query' | 'body' as Table[Name] extends Record<Part, TSchema> ? Part : never
  ]: Table[Name] extends Record<Part, infer Schema extends TSchema> ? Static<Schema> : never
}

export type CallResponse<Name extends EndpointName> = Table[Name] extends {response: infer Schema extends TSchema}
  ? Static<Schema>
  : undefined

/** The result of a conditional GET. `etag` is for the next request. */
export type ConditionalResponse<Name extends EndpointName> =
  {changed: false} | {changed: true; response: CallResponse<Name>; etag: string | undefined}

export interface CallOptions {
  /** The total time to wait, in milliseconds, if that is less than the transport's own timeout. */
  timeout?: number
  /** Identifies the request, for endpoints that are `idempotent`, if it is sent again. */
  idempotencyKey?: string
  /** What the user asked for, for messages, if the request is only a step of it: `install packages`. */
  purpose?: string
}

export interface ClientOptions {
  target: RegistryTarget
  credential: Credential | undefined
  /** Requests a credential that is needed only if the registry refuses an anonymous request. Absent if none can be. */
  onDemand?: OnDemand | undefined
  transport: Transport
  /** Aborted when the user presses Ctrl-C. */
  interrupted: AbortSignal
  userAgent: string
  offline: boolean
  /** Returns the next steps after a refused request, given the source of its credential. */
  hintsFor: HintsFor
  /** Called with each response to an API token that expires. */
  onExpiry?: (expiry: CredentialExpiry) => void
  /** Shows progress until the response arrives, and returns the response. */
  whileWaiting: <Response>(purpose: string, response: Promise<Response>) => Promise<Response>
}

/** A credential that costs a request, so that it is requested only if it is needed. */
export interface OnDemand {
  /** The name of its source. */
  readonly source: string
  find(): Promise<Credential | undefined>
}

/** The parts of a request that its endpoint doesn't determine. */
interface Message extends CallOptions {
  params?: Record<string, string>
  query?: Record<string, string | number | undefined>
  content?: Content
  /** The body as an object, for the secrets in it. */
  secrets?: object
  /** An entity tag for `If-None-Match`. */
  ifNoneMatch?: string | undefined
  /** See `WireRequest`. */
  streamUpTo?: number
  /** See `WireRequest`. */
  onSent?: (bytes: number) => void
}

/** For GET requests. Other redirects are not followed. */
const maxRedirects = 5

const jsonType = 'application/json'

const notModified = 304

/**
 * Calls a registry. This is the only class that adds a credential to a request.
 *
 * It prints nothing, doesn't prompt, and doesn't read the environment. It checks every response against the protocol's
 * schema.
 */
export class RegistryClient {
  #credential: Credential | undefined
  #demanded: Promise<Credential | undefined> | undefined

  /** @param sent the secrets that were sent before, by a client of the same command */
  constructor(
    private readonly options: ClientOptions,
    private readonly sent = new SentSecrets(),
  ) {
    this.#credential = options.credential
  }

  /** The registry's canonical URL. */
  get registry(): string {
    return this.options.target.registry
  }

  /** The source of the credential. Undefined for an anonymous client. */
  get credential(): Pick<Credential, 'source' | 'file'> | undefined {
    return this.#credential
  }

  /** The source that is asked for a credential once the registry requires one. */
  get onDemand(): Pick<Credential, 'source'> | undefined {
    return this.options.onDemand
  }

  /**
   * Requests the credential that was left until the registry requires one.
   *
   * @returns whether there is one now that wasn't used before
   * @throws {ApkgError} the errors of its source
   */
  async demandCredential(): Promise<boolean> {
    if (this.#credential) return false
    const demanded = await (this.#demanded ??= this.options.onDemand?.find())
    this.#credential ??= demanded
    return this.#credential !== undefined
  }

  /** Returns a client for the same registry with another credential, for example to check a token before storing it. */
  withCredential(credential: Credential | undefined): RegistryClient {
    return new RegistryClient({...this.options, credential, onDemand: undefined}, this.sent)
  }

  /** Returns a client that authenticates with another value of the same token. */
  withValue(value: string): RegistryClient {
    return this.withCredential({secret: new Secret(value), source: this.#credential?.source ?? 'the new token'})
  }

  /** Whether the source of the credential stores it, so that `rewriteCredential` can replace it. */
  get canRewriteCredential(): boolean {
    return this.#credential?.rewrite !== undefined
  }

  /**
   * Runs work that replaces the credential where its source stores it. No other process can replace it in the meantime.
   *
   * @param work gets a client with the value that is stored now, and a function that replaces it.
   */
  async rewriteCredential<Result>(
    work: (client: RegistryClient, replace: (value: string | undefined) => Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    const credential = this.#credential
    if (!credential?.rewrite) throw new Error('the source of the credential does not store it')
    return credential.rewrite(({secret, replace}) =>
      work(this.withCredential({secret, source: credential.source}), (value) =>
        replace(value === undefined ? secret : new Secret(value)),
      ),
    )
  }

  /** Returns a client that keeps working after Ctrl-C, to undo what this one did. Call it within `finish`. */
  afterInterruption(): RegistryClient {
    const interrupted = new AbortController().signal
    return new RegistryClient({...this.options, credential: this.#credential, interrupted}, this.sent)
  }

  /** Waits before another request. @throws {ApkgError} `INTERRUPTED` */
  async pause(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, {signal: this.options.interrupted})
    } catch {
      throw failure('INTERRUPTED')
    }
  }

  /**
   * Calls an endpoint. If a session's access token is rejected, the session is refreshed and the request is sent again.
   *
   * @throws {ApkgError} `OFFLINE`, `UNREACHABLE`, `TIMED_OUT`, `INTERRUPTED`; `REJECTED` (401), `REFUSED` (402, 403,
   *   409), `RATE_LIMITED` (429), `SERVER_FAILED` (5xx), `REQUEST_FAILED` (other statuses), each with the
   *   `RegistryRefusal` as its cause; `REDIRECTED`; `BAD_RESPONSE` if the response doesn't match the protocol;
   *   `SESSION_ENDED`
   */
  async call<Name extends EndpointName>(
    name: Name,
    input: CallInput<Name>,
    options: CallOptions = {},
  ): Promise<CallResponse<Name>> {
    const {purpose, ...rest} = options
    const own = await this.#endpoint(name)
    const endpoint = purpose === undefined ? own : {...own, purpose}
    const response = await this.#whileWaiting(endpoint, messageOf(input), rest)
    return this.#read(endpoint, response) as CallResponse<Name>
  }

  /**
   * Like `call`, for a GET whose response the caller may already have.
   *
   * @param etag the entity tag (RFC 9110, 8.8.3) of the response that the caller has; ignored if it is malformed
   * @throws {ApkgError} like `call`
   */
  async callIfChanged<Name extends EndpointName>(
    name: Name,
    input: CallInput<Name>,
    etag: string | undefined,
    {purpose}: Pick<CallOptions, 'purpose'> = {},
  ): Promise<ConditionalResponse<Name>> {
    const own = await this.#endpoint(name)
    const endpoint = purpose === undefined ? own : {...own, purpose}
    const ifNoneMatch = entityTag(etag)
    const response = await this.#whileWaiting(endpoint, {...messageOf(input), ifNoneMatch})
    if (response.status === notModified) return {changed: false}
    const content = this.#read(endpoint, response) as CallResponse<Name>
    const received = entityTag(response.headers['etag'])
    const isUsable = received !== undefined && !this.sent.occurIn(received)
    return {changed: true, response: content, etag: isUsable ? received : undefined}
  }

  /**
   * Downloads a tarball as a stream. Read it immediately and to its end.
   *
   * @param options `maxSize` is in bytes
   * @returns once the response has started
   * @throws {ApkgError} like `call`. The iteration throws `UNREACHABLE` if the connection is closed, `TIMED_OUT` if it
   *   stalls, `BAD_RESPONSE` if the tarball is too large, and `INTERRUPTED`.
   */
  async download(
    version: {name: string; version: string},
    {maxSize}: {maxSize: number},
  ): Promise<AsyncIterable<Uint8Array>> {
    const purpose = `download ${printable(`${version.name}@${version.version}`)}`
    const endpoint = {...tarballDownload, purpose}
    this.#assertOnline(endpoint)
    const {stream} = await this.#sendWithRefresh(endpoint, {params: version, streamUpTo: maxSize})
    return this.#translateErrors(endpoint, stream ?? [])
  }

  /**
   * Publishes a version. The request isn't retried, except after refreshing an expired session.
   *
   * @param progress shows the upload, given its size in bytes. It ends before the response.
   * @throws {ApkgError} like `call`
   */
  async publish(
    metadata: PublishMetadata,
    tarball: Uint8Array,
    progress?: (total: number) => ByteProgress,
  ): Promise<PublishResponse> {
    const [endpoint, {publication}] = await Promise.all([this.#endpoint('publishPackage'), import('./publish-body.js')])
    const content = publication(metadata, tarball)
    const total = lengthOf(content)
    const bar = progress?.(total)
    let sent = 0
    const onSent = (bytes: number) => {
      sent += bytes
      bar?.advance(bytes)
      if (sent === total) void bar?.end()
    }
    try {
      const message = {params: {name: metadata.name}, content, onSent}
      return this.#read(endpoint, await this.#whileWaiting(endpoint, message)) as PublishResponse
    } finally {
      await bar?.end()
    }
  }

  /** Returns the error of a request that the registry says it would refuse, as if it had been sent. */
  async refusal(name: EndpointName, facts: RefusalFacts): Promise<ApkgError> {
    const endpoint = await this.#endpoint(name)
    return this.#refused(endpoint, new RegistryRefusal(facts))
  }

  /**
   * Revokes a session on the registry.
   *
   * @throws {ApkgError} like `call`; `REQUEST_FAILED` with 404 or 405 if the registry doesn't support this
   */
  async endSession(refreshToken: Secret, options: CallOptions = {}): Promise<void> {
    await this.call('logout', {body: {refreshToken: refreshToken.expose()}}, options)
  }

  async #endpoint(name: EndpointName): Promise<Endpoint> {
    const {endpoints} = await import('./endpoints.js')
    this.#assertOnline(endpoints[name])
    return endpoints[name]
  }

  #assertOnline({purpose}: Endpoint): void {
    if (this.options.offline) throw failure('OFFLINE', {purpose})
  }

  #whileWaiting(endpoint: Endpoint, message: Message, options?: CallOptions): Promise<WireResponse> {
    return this.options.whileWaiting(endpoint.purpose, this.#sendWithRefresh(endpoint, {...message, ...options}))
  }

  async #sendWithRefresh(endpoint: Endpoint, message: Message): Promise<WireResponse> {
    const used = this.#credential
    try {
      return await this.#send(endpoint, message)
    } catch (error) {
      const refusal = refusalBehind(error)
      if (endpoint.access === 'public') throw error
      if (used) return this.#sendRenewed(endpoint, message, error)
      // Without a credential, a private package is not found.
      if (refusal?.status !== 401 && refusal?.status !== 404) throw error
      await this.demandCredential()
      if (!this.#credential) throw error
      return this.#sendWithRefresh(endpoint, message)
    }
  }

  async #sendRenewed(endpoint: Endpoint, message: Message, error: unknown): Promise<WireResponse> {
    if (!isAboutCredential(refusalBehind(error))) throw error
    const renewed = await this.#credential?.renew?.((token) => this.#refresh(token))
    if (!renewed) throw error
    this.#credential = renewed
    return this.#send(endpoint, message)
  }

  #refresh: RefreshSession = async (refreshToken) => {
    const {endpoints} = await import('./endpoints.js')
    const message = messageOf({body: {refreshToken: refreshToken.expose()}})
    try {
      const response = await this.#send(endpoints.refresh, message)
      const session = this.#read(endpoints.refresh, response) as CallResponse<'refresh'>
      return {accessToken: new Secret(session.accessToken), refreshToken: new Secret(session.refreshToken)}
    } catch (error) {
      const refusal = refusalBehind(error)
      if (refusal?.status === 404 || refusal?.status === 405) return 'not-offered'
      if (refusal?.status !== 400 && refusal?.status !== 401) throw error
      throw failure('SESSION_ENDED', {registry: this.registry, reason: refusal.reason}, {cause: refusal})
    }
  }

  /** The base URL of an endpoint: the registry, or an override for its service. */
  #base({service}: Endpoint): string {
    return this.options.target.services[service] ?? this.registry
  }

  /** Returns only successful responses, including 304 for conditional requests. */
  async #send(endpoint: Endpoint, message: Message): Promise<WireResponse> {
    const response = await this.#follow(endpoint, message)
    const {status} = response
    const isExpected = (status >= 200 && status <= 299) || (status === notModified && message.ifNoneMatch !== undefined)
    if (isExpected) return response
    throw await this.#refused(endpoint, readRefusal(response, this.sent.redact))
  }

  #read(endpoint: Endpoint, response: WireResponse): unknown {
    if (!endpoint.fits) return undefined
    const parsed = parseResponse(response.body)
    const content = this.sent.removeFrom(parsed)
    if (content !== undefined && endpoint.fits(content)) return content
    const reason =
      parsed === undefined
        ? `the response is not JSON (${this.sent.redact(describeType(response.headers))})`
        : `the response to ${endpoint.method} ${endpoint.path} does not match the protocol`
    throw failure('BAD_RESPONSE', {...this.#facts(endpoint), reason})
  }

  /** Sends a request and follows redirects, if they are allowed. */
  async #follow(endpoint: Endpoint, message: Message): Promise<WireResponse> {
    let url = urlOf(endpoint, this.#base(endpoint), message)
    const {content, secrets, timeout, streamUpTo, onSent} = message
    this.sent.add(this.#secretFor(endpoint.access)?.expose())
    this.sent.addFrom(secrets ?? {})
    for (let redirects = 0; ; redirects++) {
      const response = await this.#transmit(endpoint, timeout, {
        method: endpoint.method,
        url,
        headers: this.#headers(endpoint, message),
        secrets: this.sent.values,
        ...(content && {body: content.body}),
        ...(streamUpTo !== undefined && {streamUpTo}),
        ...(onSent && {onSent}),
      })
      const target = redirectTarget(response, url)
      if (!target) {
        this.#reportExpiry(endpoint, response)
        return response
      }
      const isAllowed = endpoint.method === 'GET' && redirects < maxRedirects && this.#canFollow(endpoint, url, target)
      if (!isAllowed) {
        const shown = this.sent.redact(target.origin + target.pathname)
        throw failure('REDIRECTED', {...this.#facts(endpoint), target: shown})
      }
      url = target
    }
  }

  #reportExpiry({access}: Endpoint, response: WireResponse): void {
    const {onExpiry} = this.options
    if (!onExpiry || access === 'public' || !this.#credential) return
    const expiry = readExpiry(response, {source: this.#credential.source, registry: this.registry})
    if (expiry) onExpiry(expiry)
  }

  /** Rejects redirects from https to http, and redirects out of the registry if the request has a credential. */
  #canFollow(endpoint: Endpoint, from: URL, target: URL): boolean {
    if (target.username !== '' || target.password !== '') return false
    if (target.protocol !== from.protocol && target.protocol !== 'https:') return false
    return endpoint.access === 'public' || this.#credential === undefined || isUrlWithin(target, this.#base(endpoint))
  }

  /** The facts about a request that its errors mention. */
  #facts(endpoint: Endpoint) {
    return {purpose: endpoint.purpose, registry: this.#base(endpoint)}
  }

  /** The error of a call that the registry would refuse, without sending it. */
  async refusalOf(name: EndpointName, code: ProblemCode): Promise<ApkgError> {
    const {endpoints} = await import('./endpoints.js')
    const {status, title: message} = problems[code]
    const unsent = {details: [], retryAfter: undefined, requestId: undefined}
    return this.#refused(endpoints[name], new RegistryRefusal({status, code, message, ...unsent}))
  }

  #refused(endpoint: Endpoint, refusal: RegistryRefusal): Promise<ApkgError> {
    const source = endpoint.access === 'public' ? undefined : this.#credential?.source
    return refusalError(refusal, {...this.#facts(endpoint), source}, this.options.hintsFor)
  }

  #headers(
    {access, responseFormat}: Endpoint,
    {content, ifNoneMatch, idempotencyKey}: Message,
  ): Record<string, string> {
    const secret = this.#secretFor(access)
    return {
      accept: responseFormat === 'bytes' ? '*/*' : jsonType,
      'user-agent': this.options.userAgent,
      ...(content && {'content-type': content.type, 'content-length': String(lengthOf(content))}),
      ...(ifNoneMatch !== undefined && {'if-none-match': ifNoneMatch}),
      ...(idempotencyKey !== undefined && {'idempotency-key': idempotencyKey}),
      ...(secret && {authorization: `Bearer ${secret.expose()}`}),
    }
  }

  #secretFor(access: Endpoint['access']): Credential['secret'] | undefined {
    return access === 'public' ? undefined : this.#credential?.secret
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
      throw this.#translateError(error, endpoint)
    }
  }

  async *#translateErrors(
    endpoint: Endpoint,
    stream: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* stream
    } catch (error) {
      throw this.#translateError(error, endpoint)
    }
  }

  #translateError(error: unknown, endpoint: Endpoint): unknown {
    if (!(error instanceof TransportError)) return error
    const {kind, reason, proxy} = error
    const because = {cause: error}
    if (kind === 'interrupted') return failure('INTERRUPTED')
    const facts = this.#facts(endpoint)
    if (kind === 'timeout') return failure('TIMED_OUT', facts, because)
    if (kind === 'too-large') return failure('BAD_RESPONSE', {...facts, reason}, because)
    const isPublic = facts.registry === publicRegistry
    return failure('UNREACHABLE', {...facts, reason, isPublic, ...(proxy && {proxy})}, because)
  }
}

/** A 401 with one of these codes is about the person, so a new access token wouldn't help. */
const aboutPerson: ReadonlySet<string | undefined> = new Set<ProblemCode>([
  'STEP_UP_REQUIRED',
  'LOGIN_FAILED',
  'MFA_FAILED',
  'DEVICE_CODE_EXPIRED',
])

/** Whether a refusal says that the access token isn't valid. */
function isAboutCredential(refusal: RegistryRefusal | undefined): boolean {
  return refusal?.status === 401 && !aboutPerson.has(refusal.code)
}

function messageOf({body, ...parts}: {body?: object} & Pick<Message, 'params' | 'query'>): Message {
  return {...parts, ...(body && {secrets: body, content: {type: jsonType, body: JSON.stringify(body)}})}
}

/** Returns the number of bytes. */
function lengthOf({body}: Content): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.reduce((sum, {length}) => sum + length, 0)
}

function entityTag(text: unknown): string | undefined {
  return typeof text === 'string' && /^(?:W\/)?"[\x21\x23-\x7E]*"$/.test(text) ? text : undefined
}

function urlOf(endpoint: Endpoint, base: string, {params = {}, query = {}}: Message): URL {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(params[name] ?? ''))
  const url = new URL(base + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** Percent-encodes everything except `A-Za-z0-9-_.~` in a path segment, as the original client does. */
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
