import type {FastifyInstance} from 'fastify'

import {replyTimeout} from './parse-error.js'

/** Closes connections whose request body takes too long to arrive. Uploads have their own limit. */
export function enforceBodyTimeout(app: FastifyInstance, milliseconds: number): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const {raw} = request
    const hasBody = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0
    if (!hasBody || request.routeOptions.config.acceptsUpload) {
      done()
      return
    }
    const timer = setTimeout(() => {
      replyTimeout(raw.socket)
    }, milliseconds)
    timer.unref()
    const stop = () => {
      clearTimeout(timer)
    }
    raw.once('end', stop).once('close', stop)
    done()
  })
}
