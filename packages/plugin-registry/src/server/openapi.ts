import type {FastifyDynamicSwaggerOptions} from '@fastify/swagger'
import {HealthAnswer} from '@apkg/wire/protocol'
import type {FastifyInstance, RouteOptions} from 'fastify'

import type {ServerConfig} from './config.js'

/** The frame of the OpenAPI document; the routes fill it. */
export function openApi({version, publicUrl}: ServerConfig): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {title: 'apkg registry', version},
      servers: [{url: publicUrl ? publicUrl.href.replace(/\/$/, '') : '/'}],
      components: {securitySchemes: {bearer: {type: 'http', scheme: 'bearer'}}},
    },
  }
}

/** What the registry tells about itself, to anybody. */
export function documentRoutes(app: FastifyInstance, {version}: ServerConfig): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/healthz',
      schema: {operationId: 'health', security: [], response: {200: HealthAnswer}},
      handler: async () => ({status: 'ok', version}),
    },
    {method: 'GET', url: '/openapi.json', schema: {hide: true}, handler: async () => app.swagger()},
  ]
}
