import {type Endpoint, endpoints, type EndpointName, IdempotencyHeaders} from '@apkg/wire/protocol'
import type {FastifyReply, FastifyRequest, RouteOptions} from 'fastify'

import {type Client, clientOf} from '../auth/actor.js'
import {credentialHeaders} from '../auth/credential-headers.js'
import {addressOf} from '../http/client-address.js'
import {idempotentRequest} from '../http/idempotent-request.js'
import {authorizeCall} from './call-endpoint.js'
import type {Ports} from './handler.js'
import {handlers} from './handlers.js'
import {withRefusalRecorded} from './record-refusal.js'
import {Reply} from './reply.js'
import type {Credential} from '../store/store.js'

declare module 'fastify' {
  interface FastifyRequest {
    credential: Credential | undefined
  }
  interface FastifyContextConfig {
    acceptsUpload?: boolean
  }
}

/** Creates a route for each endpoint of the protocol. Requests are authorized before their body is read. */
export function endpointRoutes(ports: Ports): RouteOptions[] {
  return (Object.keys(endpoints) as EndpointName[]).flatMap((name) => {
    const {path, unambiguousPath}: Endpoint = endpoints[name]
    return [path, unambiguousPath]
      .filter((each) => each !== undefined)
      .map((each) => endpointRoute(name, urlOf(each), ports))
  })
}

/** A path of the protocol in fastify's syntax. */
function urlOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

function endpointRoute(name: EndpointName, url: string, ports: Ports): RouteOptions {
  const endpoint: Endpoint = endpoints[name]
  const handle = handlers[name] as (call: unknown, ports: Ports) => Promise<unknown>
  const {params, query, body, status, idempotent} = endpoint

  return {
    method: endpoint.method,
    url,
    config: {acceptsUpload: endpoint.bodyFormat === 'multipart'},
    schema: {
      ...(params && {params}),
      ...(query && {querystring: query}),
      ...(idempotent && {headers: IdempotencyHeaders}),
      ...(body && {body}),
    },
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('cache-control', 'no-store')
      const caller = {
        client: clientOfRequest(request),
        authorization: request.headers.authorization,
        onAuthenticated: (credential: Credential) => void reply.headers(credentialHeaders(credential)),
      }
      request.credential = await authorizeCall(name, request, caller, ports)
    },
    ...(endpoint.bodyIsOptional && {
      preValidation: async (request: FastifyRequest) => {
        // A body of null is refused.
        if (request.body === undefined) request.body = {}
      },
    }),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const call = {
        body: request.body,
        query: request.query,
        params: request.params,
        credential: request.credential,
        isHead: request.method === 'HEAD',
        headers: request.headers,
        client: clientOfRequest(request),
        upload: request.upload,
        ...(idempotent && {idempotency: idempotentRequest(endpoint, request)}),
        now: ports.clock(),
      }
      const response = await handle(call, ports).catch((error: unknown) =>
        withRefusalRecorded(error, name, {...call, params: request.params as {name?: string}}, ports),
      )
      if (!(response instanceof Reply)) return reply.code(status).send(response)
      const {headers = {}, status: ownStatus = status, json} = response.options
      const own = request.credential ? notShared(headers) : headers
      void reply.code(ownStatus).headers(own)
      return json ? reply.type('application/json; charset=utf-8').send(json) : reply.send(response.body)
    },
  }
}

/** The headers of a response to a request with a credential. It names the credential, so shared caches can't store it. */
function notShared(headers: Record<string, string>): Record<string, string> {
  const {'cache-control': caching, ...others} = headers
  if (!caching?.startsWith('public, ')) return headers
  return {...others, 'cache-control': caching.replace('public', 'private'), vary: 'authorization'}
}

function clientOfRequest(request: FastifyRequest): Client {
  return clientOf(addressOf(request), request.headers['user-agent'])
}
