import type {RouteOptions} from 'fastify'

import {type Deployment, openApiDocument} from '../http/openapi/index.js'
import type {Readiness} from '../http/readiness.js'

/** Public routes about the registry itself. */
export function documentRoutes(deployment: Deployment, readiness: Readiness): RouteOptions[] {
  const {version} = deployment
  let document: object | undefined
  return [
    {method: 'GET', url: '/healthz', handler: async () => ({status: 'ok', version})},
    {
      method: 'GET',
      url: '/readyz',
      handler: async () => {
        const {blobs} = await readiness.assertReady()
        return {status: 'ok', version, blobs}
      },
    },
    {method: 'GET', url: '/openapi.json', handler: async () => (document ??= openApiDocument(deployment))},
  ]
}
