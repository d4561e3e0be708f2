import {type FastifyInstance, type FastifyReply, type FastifyRequest, LogController} from 'fastify'

import {clientAddress} from './client-address.js'

/**
 * Logs a line per request, even if the client disconnects before the response. The line contains the route instead of
 * the URL, since users may have pasted a secret into the URL.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableEnded) request.log.info({...describe(request, reply), aborted: true})
    })
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(describe(request, reply))
  })
}

function describe(request: FastifyRequest, reply: FastifyReply) {
  return {
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    address: clientAddress(request.ip, request.socket.remoteAddress),
    credential: request.credential?.id ?? null,
  }
}

/** Turns off fastify's own log lines, except for responses that fail on the server's side. */
export class FailureLog extends LogController {
  constructor() {
    super({disableRequestLogging: true})
  }

  override streamError(error: NodeJS.ErrnoException, request: FastifyRequest): void {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') request.log.error({err: error}, 'the response was interrupted')
  }
}
