import type {FastifyInstance} from 'fastify'

import {movedRefusal} from './moved-refusal.js'
import {Refusal} from './refusal.js'

/** The only path that is still served: it reports that the process is running. */
const livenessPath = '/healthz'

/**
 * Refuses requests while the database is older than, or different from, the one that the registry served last, or was
 * moved.
 *
 * @param problem returns what is wrong with the database; undefined if nothing is.
 */
export function refuseWhileOutdated(
  app: FastifyInstance,
  problem: () => 'behind' | 'unreadable' | 'moved' | undefined,
): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const found = problem()
    if (found === undefined || request.url.split('?', 1)[0] === livenessPath) {
      done()
      return
    }
    if (found === 'moved') throw movedRefusal()
    const message = found === 'behind' ? undefined : 'The registry cannot verify that its database is up to date'
    throw new Refusal('REGISTRY_BEHIND', message === undefined ? {} : {message})
  })
}
