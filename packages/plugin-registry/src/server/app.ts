import {randomUUID} from 'node:crypto'
import type {Duplex} from 'node:stream'

import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'

import {allowedMethods} from './http/allowed-methods.js'
import {hostGuard} from './http/assert-host.js'
import {baseUrlOf} from './http/base-url.js'
import type {BlobStore} from './blobs/blob-store.js'
import type {ServerConfig} from './config.js'
import {documentRoutes} from './handlers/document-routes.js'
import {clientOf} from './auth/actor.js'
import {browserSessions} from './handlers/browser-sessions.js'
import {callEndpoint} from './handlers/call-endpoint.js'
import {endpointRoutes} from './handlers/endpoint-routes.js'
import {addressOf} from './http/client-address.js'
import {BrowserRequests} from './auth/browser-requests.js'
import {CredentialGuard} from './auth/credential-guard.js'
import type {Ports} from './handlers/handler.js'
import {Login} from './auth/login.js'
import {IdTokens} from './auth/oidc/id-tokens.js'
import {parseJsonBody} from './http/json-body.js'
import {replyConnect, replyParseError} from './http/parse-error.js'
import {replyProblem} from './http/problem-reply.js'
import {DownloadCounter} from './packages/download-counter.js'
import {PackumentCache} from './packages/packument-cache.js'
import {Inspector} from './publishing/inspector.js'
import type {UploadLimits} from './publishing/upload.js'
import {acceptUploadsOnly} from './publishing/upload-scope.js'
import {UploadSlots} from './publishing/upload-slots.js'
import type {Previews} from './previews/previews.js'
import {Readiness} from './http/readiness.js'
import {Refusal} from './http/refusal.js'
import {enforceBodyTimeout} from './http/body-timeout.js'
import type {ServerObserver} from './http/observer.js'
import {FailureLog, lazyRequestLog, logRequests} from './http/request-log.js'
import {withEncodedName} from './http/scoped-name-path.js'
import {refuseWhileOutdated} from './http/refuse-outdated.js'
import {refuseWhileStopping} from './http/stopping.js'
import type {Credential, RegistryStore} from './store/store.js'
import {compileValidator} from './http/validation.js'
import {VerifiedAddresses} from './http/verified-address.js'
import type {HeadProblem} from './operations/head-check.js'
import {createWeb, isPageAddress, type WebPorts} from './web/index.js'

export interface AppOptions {
  store: RegistryStore
  blobs: BlobStore
  /** The only clock that is read. */
  clock: () => Date
  log: FastifyBaseLogger
  config: ServerConfig
  /** Why the database must not be served. By default, it can be. */
  databaseProblem?: () => HeadProblem | undefined
  /** How much the clock can be wrong, in milliseconds. By default, it is right. */
  clockUncertainty?: () => number
  /** Inspects uploads. By default, the server has its own inspector with the configured limits. */
  inspector?: Pick<Inspector, 'inspect'>
  /** Receives measurements of requests and queues. */
  observer?: ServerObserver
  /** Routes besides those of the protocol. */
  moreRoutes?: RouteOptions[]
  /** What pages show of tarballs. Without it, they show the readme as text and no files. */
  previews?: Previews
  /** The certificate and key for https. Without them, the server speaks plain http. */
  tls?: {cert: Buffer; key: Buffer}
}

/** Characters of a path segment: more than any name or id has, percent-encoded. */
const maxSegmentLength = 1024

/** Creates the server. It does not read the environment and does not listen. Closing it leaves the store open. */
export async function createApp({
  store,
  blobs,
  clock,
  log,
  config,
  tls,
  inspector,
  databaseProblem,
  clockUncertainty,
  observer,
  previews,
  moreRoutes = [],
}: AppOptions): Promise<FastifyInstance> {
  const login = new Login(store, clock, config)
  const guard = new CredentialGuard(store, (error) => {
    log.warn({err: error}, 'failed to record the use of a refused credential')
  })
  const idTokens = new IdTokens(config, clock, (error) => {
    log.warn({err: error}, 'failed to fetch the keys of an issuer of ID tokens')
  })
  const ownInspector = new Inspector(config.inspection)
  const readiness = new Readiness({store, blobs, clock, ...(clockUncertainty && {clockUncertainty})})
  let foundUrl = ''
  // Empty until the server listens.
  const baseUrl = () => (foundUrl ||= baseUrlOf(config.publicUrl, app.server))
  const addresses = new VerifiedAddresses({...config, hasCertificate: tls !== undefined})
  const browserRequests = new BrowserRequests(store, guard, clock, baseUrl, config)
  const packuments = new PackumentCache(config.packumentCacheSize)
  const downloads = new DownloadCounter({
    store: store.downloads,
    onFailure: (error) => {
      log.warn({err: error}, 'failed to record downloads')
    },
    isPaused: () => databaseProblem?.() !== undefined,
  })
  const uploadSlots = new UploadSlots(config.uploadSlots)
  const queues = {uploads: uploadSlots, inspections: ownInspector.queue, passwords: login.queue}
  observer?.watch({queues, packumentCache: packuments})
  const services = {
    login,
    browserRequests,
    guard,
    packuments,
    downloads,
    idTokens,
    addresses,
    inspector: inspector ?? ownInspector,
  }
  const ports = {store, blobs, config, ...services, baseUrl, clock, ...(config.web && previews && {previews})}
  const web = config.web ? createWeb(webPorts(ports, config)) : undefined
  const routes = [...endpointRoutes(ports), ...documentRoutes(config, readiness), ...moreRoutes]
  const allowedAt = allowedMethods([...routes, ...(web?.routes ?? [])])
  const replyError = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    web && isPageAddress(request.url) ? web.replyError(error, request, reply) : replyProblem(error, request, reply)
  const prefix = config.publicUrl?.pathname.replace(/(?<!\/)\/+$/, '') ?? ''
  const routeTarget = (target: string) => withEncodedName(withoutPrefix(target, prefix))
  const allowedAtTarget = (target: string) => allowedAt(routeTarget(target))

  const app = fastify({
    loggerInstance: log,
    logController: new FailureLog(),
    childLoggerFactory: lazyRequestLog,
    genReqId: () => randomUUID(),
    bodyLimit: config.bodyLimit,
    // Node has one limit for all requests, so it has to suit uploads, which take longest.
    requestTimeout: config.uploadTimeouts.total,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    routerOptions: {maxParamLength: maxSegmentLength},
    rewriteUrl: ({url = '/'}) => routeTarget(url),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void replyError(error, request, reply)
    },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Duplex) => {
      replyParseError(error, socket, allowedAtTarget)
    },
    // fastify's own response would not be a problem of the protocol.
    return503OnClosing: false,
    ...(tls && {https: tls}),
  } as object) as FastifyInstance
  app.server.on('connect', (request, socket) => {
    replyConnect(request, socket, allowedAtTarget)
  })

  app.setValidatorCompiler(compileValidator as never)
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  acceptJsonOnly(app)
  app.decorateRequest('credential', undefined)
  app.decorateRequest('address', undefined)
  const assertHost = hostGuard(app.server, config.publicUrl)
  // These hooks run for every request, so none of them is asynchronous: each promise would cost a turn of the queue.
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    done()
  })
  logRequests(app, observer)
  app.addHook('onRequest', ({headers, originalUrl}, _reply, done) => {
    assertHost({headers, target: originalUrl})
    done()
  })
  if (databaseProblem) refuseWhileOutdated(app, databaseProblem)
  const stop = refuseWhileStopping(app, config.uploadGracePeriod)
  enforceBodyTimeout(app, config.bodyTimeout)
  app.setErrorHandler(replyError)
  refuseUnknownRoutes(app, allowedAt)

  await store.signingKeys.ensure(clock().getTime())
  app.addHook('onClose', () => ownInspector.close())
  app.addHook('onClose', () => guard.close())
  app.addHook('onClose', () => downloads.close())
  const acceptsUpload = (route: RouteOptions) => route.config?.acceptsUpload === true
  for (const route of routes.filter((each) => !acceptsUpload(each))) app.route(route)
  await app.register(async (scope) => {
    acceptUploadsOnly(scope, uploadLimits(config, stop), uploadSlots)
    for (const route of routes.filter(acceptsUpload)) scope.route(route)
  })
  await web?.register(app)
  return app
}

/** What pages can reach: endpoints, and facts that everyone may know. */
function webPorts(ports: Ports, {publicUrl, anonymousRead, version}: ServerConfig): WebPorts {
  let hasUsers = false
  return {
    ...{publicUrl, anonymousRead, version, baseUrl: ports.baseUrl, previews: ports.previews},
    hasUsers: async () => (hasUsers ||= (await ports.store.users.list()).length > 0),
    sessions: browserSessions(ports),
    call: (name, input, request, cookie) => {
      const client = clientOf(addressOf(request), request.headers['user-agent'])
      const onAuthenticated = (credential: Credential) => (request.credential = credential)
      return callEndpoint(name, input, {client, authorization: undefined, cookie, onAuthenticated}, ports)
    },
  }
}

function uploadLimits({metadataLimit, archive, uploadTimeouts}: ServerConfig, stop: AbortSignal): UploadLimits {
  return {metadata: metadataLimit, tarball: archive.packed, timeouts: uploadTimeouts, stop}
}

/**
 * Removes the path of the public URL from a request target, so that routes are the same behind a proxy that strips the path and
 * one that does not. A client that treats the registry as a proxy sends a full URL (RFC 9112 §3.2.2).
 */
function withoutPrefix(target: string, prefix: string): string {
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]+/i, '')
  if (prefix === '' || !url.startsWith(prefix)) return url
  const rest = url.slice(prefix.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}

/** Accepts only JSON bodies. An empty body is treated as missing, whatever its type. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', {parseAs: 'string'}, async (_request: FastifyRequest, body: string) =>
    body === '' ? undefined : parseJsonBody(body),
  )
}

/** Refuses unknown paths, and methods that a path does not have, before the body is read. */
function refuseUnknownRoutes(app: FastifyInstance, allowedAt: (path: string) => string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const allowed = allowedAt(request.url)
    // The router also matches `/packages/status` with `/packages/:name`.
    if (!request.is404 && allowed.includes(request.method)) {
      done()
      return
    }
    if (allowed.length === 0) throw new Refusal('NOT_FOUND')
    throw new Refusal('METHOD_NOT_ALLOWED', {headers: {allow: allowed.join(', ')}})
  })
}
