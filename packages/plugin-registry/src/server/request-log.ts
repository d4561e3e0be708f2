import type {FastifyInstance} from 'fastify'

import {originOf} from './caller.js'

/**
 * One line for each request. It names the route rather than the address that was asked for: what people paste into a
 * path or a query can be a secret.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: originOf(request.ip, request.socket.remoteAddress, undefined).address,
      credential: request.credential?.id ?? null,
    })
  })
}
