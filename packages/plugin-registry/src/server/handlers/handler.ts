import type {IncomingHttpHeaders} from 'node:http'
import type {Readable} from 'node:stream'

import type {ArchiveLimits} from '@apkg/package-format'
import type {endpoints, EndpointName} from '@apkg/wire/protocol'
import type {Static, TSchema} from 'typebox'

import type {BlobStore} from '../blobs/blob-store.js'
import type {Client} from '../auth/actor.js'
import type {BrowserRequests} from '../auth/browser-requests.js'
import type {CredentialGuard} from '../auth/credential-guard.js'
import type {IdTokens} from '../auth/oidc/id-tokens.js'
import type {DownloadCounter} from '../packages/download-counter.js'
import type {PackumentCache} from '../packages/packument-cache.js'
import type {operations} from '../http/openapi/index.js'
import type {Previews} from '../previews/previews.js'
import type {Login} from '../auth/login.js'
import type {Inspector} from '../publishing/inspector.js'
import type {VerifiedAddresses} from '../http/verified-address.js'
import type {Upload} from '../publishing/upload.js'
import type {IdempotentRequest} from '../store/idempotency.js'
import type {SessionLifetimes} from '../store/session-lifetimes.js'
import type {Credential, RegistryStore, SessionCredential, UserCredential} from '../store/store.js'
import type {Reply} from './reply.js'

export interface HandlerOptions {
  /** The version of the server. */
  version: string
  /** Whether public packages can be read without a credential. */
  anonymousRead: boolean
  /** How large a package can be. */
  archive: ArchiveLimits
  sessionLifetimes: SessionLifetimes
  /** Whether there are pages for browsers. */
  web: boolean
  /** Whether users can log in with a browser. */
  browserLogin: boolean
  /** How many active signing keys an account can have. */
  keysPerUser: number
}

/** The dependencies of every handler. */
export interface Ports {
  store: RegistryStore
  blobs: BlobStore
  config: HandlerOptions
  login: Login
  browserRequests: BrowserRequests
  guard: CredentialGuard
  addresses: VerifiedAddresses
  idTokens: IdTokens
  inspector: Pick<Inspector, 'inspect'>
  packuments: PackumentCache
  downloads: Pick<DownloadCounter, 'add'>
  clock: () => Date
  /** What pages show of tarballs. Undefined without pages. */
  previews?: Previews
  /** The URL of the registry, without a trailing slash. */
  baseUrl: () => string
}

type Endpoint<Name extends EndpointName> = (typeof endpoints)[Name]

type Part<Name extends EndpointName, Key extends string> =
  Endpoint<Name> extends Record<Key, infer Schema extends TSchema> ? Static<Schema> : undefined

type CredentialFor<Access> = Access extends 'public'
  ? undefined
  : Access extends 'reader'
    ? Credential | undefined
    : Access extends 'session' | 'operator'
      ? SessionCredential
      : Access extends AccountRight
        ? UserCredential
        : Credential

/** Rights that an exchanged token can't have, because they are about an account. */
type AccountRight = 'token:read' | 'token:rotate' | 'manage-tokens' | 'manage-keys'

/** A request after validation and authorization. */
export interface Call<Name extends EndpointName> {
  body: Part<Name, 'body'>
  query: Part<Name, 'query'>
  params: Part<Name, 'params'>
  /** Undefined if the endpoint is public or is read anonymously. */
  credential: CredentialFor<Endpoint<Name>['access']>
  /** Whether the request is a HEAD request. */
  isHead: boolean
  headers: IncomingHttpHeaders
  /** The upload. Its metadata is in the body. */
  upload: Endpoint<Name> extends {bodyFormat: 'multipart'} ? Upload : undefined
  /** Undefined without an idempotency key. */
  idempotency: Endpoint<Name> extends {idempotent: true} ? IdempotentRequest | undefined : undefined
  client: Client
  now: Date
}

/** The response that the OpenAPI document describes. */
type HandlerResult<Name extends EndpointName> =
  Endpoint<Name> extends {responseFormat: 'bytes'}
    ? Reply<Readable>
    : (typeof operations)[Name] extends {response: infer Schema extends TSchema}
      ? Static<Schema> | Reply<Static<Schema>>
      : undefined

/** Handles a call. @returns undefined if the response does not have a body. */
export type Handler<Name extends EndpointName> = (call: Call<Name>, ports: Ports) => Promise<HandlerResult<Name>>

export type Handlers = {[Name in EndpointName]: Handler<Name>}
