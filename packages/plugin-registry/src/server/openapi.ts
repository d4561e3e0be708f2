import type {FastifyDynamicSwaggerOptions} from '@fastify/swagger'
import {type Endpoint, endpoints, HealthAnswer} from '@apkg/wire/protocol'
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
    transformObject: (document) => ('openapiObject' in document ? withOptionalBodies(document.openapiObject) : {}),
  }
}

/** The generator takes every body for required. */
function withOptionalBodies<Document extends {paths?: object}>(document: Document): Document {
  const paths = document.paths as Record<string, Record<string, {requestBody?: {required: boolean}}>> | undefined
  for (const {path, method, bodyIsOptional} of Object.values(endpoints) as Endpoint[]) {
    const body = paths?.[path]?.[method.toLowerCase()]?.requestBody
    if (body && bodyIsOptional) body.required = false
  }
  return document
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
