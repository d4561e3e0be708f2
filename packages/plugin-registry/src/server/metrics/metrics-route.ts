import type {RouteOptions} from 'fastify'

import {Refusal} from '../http/refusal.js'
import {mayReadMetrics} from './metrics-access.js'
import type {ServerMetrics} from './server-metrics.js'

/** Serves metrics next to the registry, to clients with the token. */
export function metricsRoute(metrics: Pick<ServerMetrics, 'contentType' | 'text'>, token: string): RouteOptions {
  return {
    method: 'GET',
    url: '/metrics',
    handler: async ({headers: {authorization}}, reply) => {
      if (authorization === undefined) throw new Refusal('AUTH_MISSING')
      if (!mayReadMetrics(authorization, token)) throw new Refusal('CREDENTIAL_UNKNOWN')
      return reply
        .header('cache-control', 'no-store')
        .type(metrics.contentType)
        .send(await metrics.text())
    },
  }
}
