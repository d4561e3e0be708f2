import type {FastifyDynamicSwaggerOptions} from '@fastify/swagger'
import {type Endpoint, endpoints, HealthAnswer, ProblemAnswer} from '@apkg/wire/protocol'
import type {RouteOptions} from 'fastify'

import type {Readiness} from './readiness.js'

/** The frame of the OpenAPI document; the routes fill it. */
export function openApi({version, publicUrl}: {version: string; publicUrl?: URL}): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {title: 'apkg registry', version},
      servers: [{url: publicUrl ? publicUrl.href.replace(/\/$/, '') : '/'}],
      components: {securitySchemes: {bearer: {type: 'http', scheme: 'bearer'}}},
    },
    transformObject: (document) => ('openapiObject' in document ? withBodies(document.openapiObject) : {}),
  }
}

interface DescribedBody {
  required: boolean
  content: Record<string, {schema?: object; encoding?: object}>
}

/** The generator takes every body for required, and the fields of a body for the parts of an upload. */
function withBodies<Document extends {paths?: object}>(document: Document): Document {
  const paths = document.paths as Record<string, Record<string, {requestBody?: DescribedBody}>> | undefined
  for (const {path, method, bodyIsOptional, bodyFormat} of Object.values(endpoints) as Endpoint[]) {
    const body = paths?.[path]?.[method.toLowerCase()]?.requestBody
    if (body && bodyIsOptional) body.required = false
    const upload = bodyFormat && body?.content['multipart/form-data']
    if (upload) Object.assign(upload, describeUpload(upload.schema))
  }
  return document
}

/** The two parts, in their order (OpenAPI 3.1 §4.8.14.5). */
function describeUpload(metadata: object | undefined) {
  const properties = {
    metadata: {type: 'string', contentMediaType: 'application/json', contentSchema: metadata},
    tarball: {type: 'string', contentMediaType: 'application/zstd'},
  }
  return {
    schema: {type: 'object', required: ['metadata', 'tarball'], properties},
    encoding: {tarball: {contentType: 'application/zstd'}},
  }
}

/** What the registry tells about itself, to anybody. */
export function documentRoutes(
  document: () => object,
  {version}: {version: string},
  readiness: Readiness,
): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/healthz',
      schema: {operationId: 'health', security: [], response: {200: HealthAnswer}},
      handler: async () => ({status: 'ok', version}),
    },
    {
      method: 'GET',
      url: '/readyz',
      schema: {operationId: 'ready', security: [], response: {200: HealthAnswer, 503: ProblemAnswer}},
      handler: async () => {
        await readiness.assertReady()
        return {status: 'ok', version}
      },
    },
    {method: 'GET', url: '/openapi.json', schema: {hide: true}, handler: async () => document()},
  ]
}
