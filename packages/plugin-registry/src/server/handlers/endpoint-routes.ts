import {type Access, type Endpoint, endpoints, type EndpointName, ProblemAnswer} from '@apkg/wire/protocol'
import type {FastifyReply, FastifyRequest, RouteOptions} from 'fastify'

import {clientOf} from '../auth/actor.js'
import {authorize} from '../auth/authorize.js'
import {clientAddress} from '../http/client-address.js'
import type {Ports} from './handler.js'
import {handlers} from './index.js'
import {Reply} from './reply.js'
import type {Credential} from '../store/store.js'

declare module 'fastify' {
  interface FastifyRequest {
    credential: Credential | undefined
  }
  interface FastifyContextConfig {
    takesUpload?: boolean
  }
}

/** A route for each endpoint of the protocol: who may call it is settled before the body is read. */
export function endpointRoutes(ports: Ports): RouteOptions[] {
  return (Object.keys(endpoints) as EndpointName[]).map((name) => endpointRoute(name, ports))
}

function endpointRoute(name: EndpointName, ports: Ports): RouteOptions {
  const endpoint: Endpoint = endpoints[name]
  const handle = handlers[name] as (call: unknown, ports: Ports) => Promise<unknown>
  const status = statusOf(name, endpoint)

  return {
    method: endpoint.method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    config: {takesUpload: endpoint.bodyFormat === 'multipart'},
    schema: routeSchema(name, endpoint, status),
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('cache-control', 'no-store')
      const access = {
        endpoint,
        authorization: request.headers.authorization,
        params: request.params as {name?: string},
        anonymousRead: ports.config.anonymousRead,
      }
      request.credential = await authorize(ports.store, access, ports.clock().getTime())
    },
    preValidation: async (request: FastifyRequest) => {
      if (endpoint.bodyIsOptional) request.body ??= {}
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const call = {
        body: request.body,
        query: request.query,
        params: request.params,
        credential: request.credential,
        isHead: request.method === 'HEAD',
        headers: request.headers,
        client: clientOf(clientAddress(request.ip, request.socket.remoteAddress), request.headers['user-agent']),
        upload: request.upload,
        now: ports.clock(),
      }
      const answer = await handle(call, ports)
      if (!(answer instanceof Reply)) return reply.code(status).send(answer)
      const {headers = {}, status: special = status} = answer.options
      return reply.code(special).headers(headers).send(answer.body)
    },
  }
}

function statusOf(name: EndpointName, {answer, answerFormat}: Endpoint): number {
  if (answer === undefined && answerFormat === undefined) return 204
  return name === 'createToken' || name === 'publishPackage' ? 201 : 200
}

/** Where it is not simply a credential. An empty object stands for none (OpenAPI 3.1 §4.8.10). */
const security: Partial<Record<Access, Record<string, string[]>[]>> = {public: [], reader: [{}, {bearer: []}]}

function routeSchema(name: EndpointName, endpoint: Endpoint, status: number) {
  const {purpose, access, params, query, body, bodyFormat, answer, answerFormat} = endpoint
  return {
    operationId: name,
    summary: purpose.charAt(0).toUpperCase() + purpose.slice(1),
    security: security[access] ?? [{bearer: []}],
    ...(params && {params}),
    ...(query && {querystring: query}),
    ...(body && {body}),
    ...(bodyFormat && {consumes: ['multipart/form-data']}),
    response: {
      [status]: answerFormat ? tarball : (answer ?? {type: 'null', description: 'Done'}),
      default: {description: 'A refusal', content: {'application/problem+json': {schema: ProblemAnswer}}},
    },
  }
}

const tarball = {description: 'The tarball', content: {'application/zstd': {schema: {}}}}
