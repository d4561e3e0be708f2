import {type Endpoint, endpoints, type EndpointName, ProblemAnswer} from '@apkg/wire/protocol'
import type {FastifyReply, FastifyRequest, RouteOptions} from 'fastify'

import {authorise} from './authorise.js'
import {originOf} from './caller.js'
import type {Ports} from './handlers/handler.js'
import {handlers} from './handlers/index.js'
import type {Credential} from './store/store.js'

declare module 'fastify' {
  interface FastifyRequest {
    credential: Credential | undefined
  }
}

/** A route for each endpoint of the protocol: who may call it is settled before the body is read. */
export function endpointRoutes(ports: Ports, clock: () => Date): RouteOptions[] {
  return (Object.keys(endpoints) as EndpointName[]).map((name) => endpointRoute(name, ports, clock))
}

function endpointRoute(name: EndpointName, ports: Ports, clock: () => Date): RouteOptions {
  const endpoint: Endpoint = endpoints[name]
  const handle = handlers[name] as (call: unknown, ports: Ports) => Promise<unknown>
  const status = endpoint.answer === undefined ? 204 : name === 'createToken' ? 201 : 200

  return {
    method: endpoint.method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    schema: routeSchema(name, endpoint, status),
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('cache-control', 'no-store')
      const {authorization} = request.headers
      request.credential = await authorise(
        ports.store,
        {name, access: endpoint.access},
        authorization,
        clock().getTime(),
      )
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
        authorization: request.headers.authorization,
        origin: originOf(request.ip, request.socket.remoteAddress, request.headers['user-agent']),
        now: clock(),
      }
      const answer = await handle(call, ports)
      return reply.code(status).send(answer)
    },
  }
}

function routeSchema(name: EndpointName, {purpose, access, params, query, body, answer}: Endpoint, status: number) {
  return {
    operationId: name,
    summary: purpose.charAt(0).toUpperCase() + purpose.slice(1),
    security: access === 'public' ? [] : [{bearer: []}],
    ...(params && {params}),
    ...(query && {querystring: query}),
    ...(body && {body}),
    response: {
      [status]: answer ?? {type: 'null', description: 'Done'},
      default: {description: 'A refusal', content: {'application/problem+json': {schema: ProblemAnswer}}},
    },
  }
}
