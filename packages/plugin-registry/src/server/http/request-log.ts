import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'

import {addressOf} from './client-address.js'
import type {ObservedRequest, ServerObserver} from './observer.js'

/**
 * Logs a line per request, even if the client disconnects before the response. The line contains the route instead of
 * the URL, since users may have pasted a secret into the URL. Reports each request to the metrics, too.
 */
export function logRequests(app: FastifyInstance, observer: ServerObserver | undefined): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.on('close', () => {
      if (reply.raw.writableEnded) return
      app.log.info({...describe(request, reply), aborted: true})
      observer?.observeRequest(observed(request, reply, undefined))
    })
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    app.log.info(describe(request, reply))
    observer?.observeRequest(observed(request, reply, reply.statusCode))
    done()
  })
}

function observed(request: FastifyRequest, reply: FastifyReply, status: number | undefined): ObservedRequest {
  return {method: request.method, route: request.routeOptions.url, status, seconds: reply.elapsedTime / 1000}
}

function describe(request: FastifyRequest, reply: FastifyReply) {
  return {
    reqId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    address: addressOf(request),
    credential: request.credential?.id ?? null,
  }
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * The log of a request, which adds its ID to each line. Creating pino's child logger takes longer than looking up a
 * token, and few requests log anything but their own line, so it is created on first use.
 */
export function lazyRequestLog(log: FastifyBaseLogger, bindings: object): FastifyBaseLogger {
  return new LazyLog(log, bindings) as unknown as FastifyBaseLogger
}

class LazyLog {
  private created: FastifyBaseLogger | undefined

  constructor(
    private readonly parent: FastifyBaseLogger,
    private readonly bindings: object,
  ) {}

  get level(): string {
    return this.parent.level
  }

  get log(): FastifyBaseLogger {
    return (this.created ??= this.parent.child(this.bindings))
  }

  child(...parameters: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.log.child(...parameters)
  }

  static {
    for (const level of levels) {
      Object.defineProperty(this.prototype, level, {
        value(this: LazyLog, ...parameters: [object]) {
          this.log[level](...parameters)
        },
      })
    }
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
