import type {FastifyInstance} from 'fastify'

import {Refusal} from './refusal.js'

/**
 * Refuses requests on open connections once the server starts to stop.
 *
 * @param gracePeriod how long uploads may continue after that, in milliseconds.
 * @returns the signal that aborts uploads. Its reason is the refusal to respond with.
 */
export function refuseWhileStopping(app: FastifyInstance, gracePeriod: number): AbortSignal {
  const uploads = new AbortController()
  let timer: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    timer = setTimeout(() => {
      uploads.abort(stopping())
    }, gracePeriod)
  })
  app.addHook('onClose', async () => {
    clearTimeout(timer)
  })
  app.addHook('onRequest', (_request, reply, done) => {
    if (timer === undefined) {
      done()
      return
    }
    void reply.header('connection', 'close')
    done(stopping())
  })
  return uploads.signal
}

function stopping(): Refusal {
  return new Refusal('BUSY', {message: 'The registry is shutting down', headers: {'retry-after': '1'}})
}
