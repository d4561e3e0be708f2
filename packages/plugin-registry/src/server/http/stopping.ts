import type {FastifyInstance} from 'fastify'

import {Refusal} from './refusal.js'

/**
 * Turns requests away on connections that are open still, once the registry is told to stop.
 *
 * @param gracePeriod how long after that uploads may go on, in milliseconds.
 * @returns what ends the uploads; its reason is the refusal to answer them with.
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
  app.addHook('onRequest', async (_request, reply) => {
    if (timer === undefined) return
    void reply.header('connection', 'close')
    throw stopping()
  })
  return uploads.signal
}

function stopping(): Refusal {
  return new Refusal('BUSY', {message: 'The registry is stopping', headers: {'retry-after': '1'}})
}
