import type {ProblemCode} from '@apkg/wire'
import type {Endpoint, EndpointName, endpoints as endpointTable} from '@apkg/wire/protocol'
import type {Static, TSchema} from 'typebox'

import {Secret} from '../credentials/secret.js'
import type {ShadowedSource} from '../credentials/resolve.js'
import type {Credential, RefreshSession} from '../credentials/source.js'
import {failure, type ApkgError} from '../errors/apkg-error.js'
import {liesWithin} from '../registry/registry-url.js'
import type {Target} from '../registry/target.js'
import {readRefusal, refusalBehind, type RegistryRefusal} from './registry-refusal.js'
import {TransportError, type Transport, type WireResponse} from './transport.js'

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

export interface CallOptions {
  /** How long to wait in all, in milliseconds, where that is less than the transport's own patience. */
  patience?: number
}

export interface ClientOptions {
  target: Target
  credential: Credential | undefined
  transport: Transport
  /** Aborted when the user presses Ctrl-C. */
  interrupted: AbortSignal
  userAgent: string
  offline: boolean
  /** The other sources that have a credential for this registry, for hints. */
  shadowed: () => Promise<ShadowedSource[]>
  /** Runs while an answer is awaited; shows that something is going on. */
  whileWaiting: <Answer>(purpose: string, answer: Promise<Answer>) => Promise<Answer>
}

/** How many redirects of a GET are followed. */
const mostRedirects = 5

const jsonType = 'application/json'

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
    const {endpoints} = await import('@apkg/wire/protocol')
    const endpoint: Endpoint = endpoints[name]
    const {offline, whileWaiting} = this.options
    if (offline) throw failure('OFFLINE', {purpose: endpoint.purpose})
    const answer = await whileWaiting(endpoint.purpose, this.#callRefreshing(endpoint, {...options, ...input}))
    return answer as CallAnswer<Name>
  }

  /** Ends a session on the registry. A registry without that endpoint refuses with 404 or 405. */
  async endSession(refreshToken: Secret, options: CallOptions = {}): Promise<void> {
    await this.call('logout', {body: {refreshToken: refreshToken.expose()}}, options)
  }

  async #callRefreshing(endpoint: Endpoint, input: object): Promise<unknown> {
    try {
      return await this.#callOnce(endpoint, input)
    } catch (error) {
      if (endpoint.access === 'public' || refusalBehind(error)?.status !== 401) throw error
      const renewed = await this.#credential?.renew?.((token) => this.#refresh(token))
      if (!renewed) throw error
      this.#credential = renewed
      return this.#callOnce(endpoint, input)
    }
  }

  #refresh: RefreshSession = async (refreshToken) => {
    const {endpoints} = await import('@apkg/wire/protocol')
    try {
      const body = {refreshToken: refreshToken.expose()}
      const answer = (await this.#callOnce(endpoints.refresh, {body})) as CallAnswer<'refresh'>
      return {accessToken: new Secret(answer.accessToken), refreshToken: new Secret(answer.refreshToken)}
    } catch (error) {
      const refusal = refusalBehind(error)
      if (refusal?.status === 404 || refusal?.status === 405) return 'not-offered'
      if (refusal?.status !== 400 && refusal?.status !== 401) throw error
      throw failure('SESSION_ENDED', {registry: this.registry, reason: refusal.reason}, {cause: refusal})
    }
  }

  async #callOnce(endpoint: Endpoint, input: object): Promise<unknown> {
    const base = this.options.target.services[endpoint.service] ?? this.registry
    const response = await this.#send(endpoint, base, input)
    const {status, body, headers} = response
    if (status < 200 || status > 299) throw await this.#refused(readRefusal(status, body, headers), endpoint, base)
    if (!endpoint.answer) return undefined
    const [{default: Value}, answer] = [await import('typebox/value'), parseJson(response)]
    const reason =
      answer === undefined
        ? `its answer is not JSON (${describeType(headers)})`
        : `its answer does not fit the protocol of ${endpoint.method} ${endpoint.path}`
    if (answer === undefined || !Value.Check(endpoint.answer, answer)) {
      throw failure('BAD_ANSWER', {...this.#facts(endpoint, base), reason})
    }
    return answer
  }

  async #send(endpoint: Endpoint, base: string, input: object): Promise<WireResponse> {
    let url = addressOf(endpoint, base, input)
    const {body, patience} = input as {body?: object} & CallOptions
    for (let redirects = 0; ; redirects++) {
      const response = await this.#transmit(endpoint, base, patience, {
        method: endpoint.method,
        url,
        headers: this.#headers(endpoint, body),
        ...(body && {body: JSON.stringify(body)}),
      })
      const target = redirectTarget(response, url)
      if (!target) return response
      const followed =
        endpoint.method === 'GET' && redirects < mostRedirects && this.#mayFollow(endpoint, base, url, target)
      if (!followed) {
        throw failure('REDIRECTED', {...this.#facts(endpoint, base), target: target.origin + target.pathname})
      }
      url = target
    }
  }

  /** A redirect may lead to TLS but not away from it, and with a credential nowhere but into the registry. */
  #mayFollow(endpoint: Endpoint, base: string, from: URL, target: URL): boolean {
    if (target.username !== '' || target.password !== '') return false
    if (target.protocol !== from.protocol && target.protocol !== 'https:') return false
    return endpoint.access === 'public' || this.#credential === undefined || liesWithin(target, base)
  }

  /** What an error says of a request: what it was for, where it went, with which credential. */
  #facts({purpose, access}: Endpoint, registry: string) {
    return {purpose, registry, source: access === 'public' ? undefined : this.#credential?.source}
  }

  #headers(endpoint: Endpoint, body: object | undefined): Record<string, string> {
    const secret = endpoint.access === 'public' ? undefined : this.#credential?.secret
    return {
      accept: jsonType,
      'user-agent': this.options.userAgent,
      ...(body && {'content-type': jsonType}),
      ...(secret && {authorization: `Bearer ${secret.expose()}`}),
    }
  }

  async #transmit(
    endpoint: Endpoint,
    base: string,
    patience: number | undefined,
    request: Omit<Parameters<Transport>[0], 'signal'>,
  ): Promise<WireResponse> {
    const {transport, interrupted} = this.options
    try {
      const signals = patience === undefined ? [interrupted] : [interrupted, AbortSignal.timeout(patience)]
      return await transport({...request, signal: AbortSignal.any(signals)})
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      const {kind, reason} = error
      const because = {cause: error}
      if (kind === 'interrupted') throw failure('INTERRUPTED')
      const facts = this.#facts(endpoint, base)
      if (kind === 'timeout') throw failure('TIMED_OUT', facts, because)
      if (kind === 'too-large') throw failure('BAD_ANSWER', {...facts, reason}, because)
      throw failure('UNREACHABLE', {...facts, reason}, because)
    }
  }

  async #refused(refusal: RegistryRefusal, endpoint: Endpoint, base: string): Promise<ApkgError> {
    const facts = {...this.#facts(endpoint, base), reason: refusal.reason}
    const because = {cause: refusal}
    const {status, retryAfter} = refusal
    const byVariable = facts.source === 'APKG_TOKEN'
    if (status === 401) {
      const suggestions = byVariable ? ['set APKG_TOKEN to a live token', await this.#wayPastTheVariable()] : undefined
      return failure('REJECTED', {...facts, ...(suggestions && {suggestions})}, because)
    }
    if (status === 402 || status === 403 || status === 409) {
      const way = status === 403 && byVariable ? await this.#wayPastTheVariable() : wayOut.get(refusal.code)
      return failure('REFUSED', {...facts, ...(way !== undefined && {suggestions: [way]})}, because)
    }
    if (status === 429) return failure('RATE_LIMITED', {...facts, retryAfter}, because)
    if (status >= 500) return failure('SERVER_FAILED', facts, because)
    return failure('REQUEST_FAILED', facts, because)
  }

  async #wayPastTheVariable(): Promise<string> {
    const usable = (await this.options.shadowed()).find(({problem}) => problem === undefined)
    return usable ? `unset APKG_TOKEN to use ${usable.source}` : 'unset APKG_TOKEN and run `apkg login`'
  }
}

/** What to do about a refusal, by its code. */
const wayOut: ReadonlyMap<string | undefined, string> = new Map<ProblemCode, string>([
  ['LABEL_TAKEN', 'give another --label, or revoke the token that has this one'],
  ['TOKEN_LIMIT', 'run `apkg token list`, and revoke what is not needed'],
  ['NO_CURRENT_TOKEN', 'run `apkg logout` to end a session'],
])

function addressOf(endpoint: Endpoint, base: string, input: object): URL {
  const {params = {}, query = {}} = input as {
    params?: Record<string, string>
    query?: Record<string, string | number | undefined>
  }
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(params[name] ?? ''))
  const url = new URL(base + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** One path segment with everything but `A-Za-z0-9-_.~` percent-encoded, as the original client sends it. */
function encodeSegment(text: string): string {
  if (/^\.{0,2}$/.test(text)) throw failure('USAGE', {message: `\`${text}\` cannot stand in an address`})
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
}

function redirectTarget({status, headers}: WireResponse, from: URL): URL | undefined {
  const {location} = headers
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined
}

function parseJson({body}: WireResponse): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

function describeType(headers: WireResponse['headers']): string {
  const type = headers['content-type']
  return typeof type === 'string' ? `content type ${type}` : 'it names no content type'
}
