import {randomUUID} from 'node:crypto'

import swagger from '@fastify/swagger'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'

import {baseUrlOf} from './http/base-url.js'
import type {BlobStore} from './blobs/blob-store.js'
import type {ServerConfig} from './config.js'
import {endpointRoutes} from './handlers/endpoint-routes.js'
import {Login} from './auth/login.js'
import {documentRoutes, openApi} from './http/openapi.js'
import {replyParseError} from './http/parse-error.js'
import {replyProblem} from './http/problem-reply.js'
import {Inspector} from './publishing/inspector.js'
import type {UploadLimits} from './publishing/upload.js'
import {readUploadsOnly} from './publishing/upload-scope.js'
import {UploadSlots} from './publishing/upload-slots.js'
import {Readiness} from './http/readiness.js'
import {Refusal} from './http/refusal.js'
import {limitBodyTime} from './http/body-time.js'
import {FailureLog, logRequests} from './http/request-log.js'
import {refuseWhileStopping} from './http/stopping.js'
import type {RegistryStore} from './store/store.js'
import {compileValidator} from './http/validation.js'

export interface AppOptions {
  store: RegistryStore
  blobs: BlobStore
  /** The only clock that is read. */
  clock: () => Date
  log: FastifyBaseLogger
  config: ServerConfig
  /** The certificate and key to speak https with; plain http where there are none. */
  tls?: {cert: Buffer; key: Buffer}
}

/** Longer than any name or id, percent-encoded. */
const longestSegment = 1024

/** Builds the registry. It reads no environment and does not listen; closing it leaves the store open. */
export async function createApp({store, blobs, clock, log, config, tls}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new FailureLog(),
    genReqId: () => randomUUID(),
    bodyLimit: config.bodyLimit,
    // Node has one limit for all requests, so this one is for the longest of them.
    requestTimeout: config.uploadPatience.whole,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    routerOptions: {maxParamLength: longestSegment},
    rewriteUrl: ({url = '/'}) => withoutPrefix(url, config.publicUrl),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void replyProblem(error, request, reply)
    },
    clientErrorHandler: replyParseError,
    // Its answer would be none of the protocol.
    return503OnClosing: false,
    ...(tls && {https: tls}),
  } as object) as FastifyInstance

  app.setValidatorCompiler(compileValidator as never)
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  readJsonOnly(app)
  app.decorateRequest('credential', undefined)
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
  })
  logRequests(app)
  const stop = refuseWhileStopping(app, config.farewell)
  limitBodyTime(app, config.bodyPatience)
  app.setErrorHandler(replyProblem)
  app.setNotFoundHandler(() => {
    throw new Refusal('NOT_FOUND')
  })

  await app.register(swagger, openApi(config))
  const login = new Login(store, clock, config)
  await store.signingKeys.ensure(clock().getTime())
  const baseUrl = () => baseUrlOf(config.publicUrl, app.server)
  const inspector = new Inspector(config.inspection)
  app.addHook('onClose', () => inspector.close())
  const readiness = new Readiness({store, blobs, clock})
  const ports = {store, blobs, config, login, inspector, baseUrl, clock}
  const routes = [...endpointRoutes(ports), ...documentRoutes(app, config, readiness)]
  const takesUpload = (route: RouteOptions) => route.config?.takesUpload === true
  for (const route of routes.filter((each) => !takesUpload(each))) app.route(route)
  for (const route of refuseOtherMethods(routes)) app.route(route)
  await app.register(async (scope) => {
    readUploadsOnly(scope, uploadLimits(config, stop), new UploadSlots(config.uploads))
    for (const route of routes.filter(takesUpload)) scope.route(route)
  })
  return app
}

function uploadLimits({metadataLimit, archive, uploadPatience}: ServerConfig, stop: AbortSignal): UploadLimits {
  return {metadata: metadataLimit, tarball: archive.packed, patience: uploadPatience, stop}
}

/**
 * Behind a proxy that passes the prefix on, and behind one that does not, the routes are the same. A client that takes us
 * for its proxy sends the whole URL (RFC 9112 §3.2.2).
 */
function withoutPrefix(target: string, publicUrl: URL | undefined): string {
  const url = target.replace(/^https?:\/\/[^/?#]+/i, '')
  const prefix = publicUrl?.pathname.replace(/\/+$/, '') ?? ''
  if (prefix === '' || !url.startsWith(prefix)) return url
  const rest = url.slice(prefix.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}

/** JSON is the only body; no body at all is none, whatever its type is said to be. */
function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', {parseAs: 'string'}, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Routes that tell which methods an address takes, before they look at a body. */
function refuseOtherMethods(routes: RouteOptions[]): RouteOptions[] {
  return [...new Set(routes.map(({url}) => url))].map((url) => {
    const taken = routes.filter((route) => route.url === url).flatMap(({method}) => method)
    if (taken.includes('GET')) taken.push('HEAD')
    const refuse = async () => {
      throw new Refusal('METHOD_NOT_ALLOWED', {headers: {allow: taken.join(', ')}})
    }
    const others = methods.filter((method) => !taken.includes(method))
    return {method: others, url, schema: {hide: true}, onRequest: refuse, handler: refuse}
  })
}
