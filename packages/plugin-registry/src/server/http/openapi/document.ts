import {
  type Access,
  type Endpoint,
  endpoints,
  type EndpointName,
  IdempotencyKey,
  refusalsOf,
  rightsNeeded,
} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {sufficientScopes} from '../sufficient-scopes.js'
import {Components, exampleOf} from './components.js'
import {ErrorResponses} from './error-responses.js'
import {credentialHeaders, headers, requestIdHeader} from './headers.js'
import {type Operation, operations, tags} from './operations.js'
import {Health, Problem, Readiness} from './registry-responses.js'

/** Endpoints for operators, which are not part of the protocol. */
export const probes = {
  health: {
    path: '/healthz',
    summary: 'Check that the registry is running',
    description: 'Succeeds as soon as the registry accepts requests.',
    success: 'The registry is running.',
    response: Health,
  },
  ready: {
    path: '/readyz',
    summary: 'Check that the registry is ready',
    description: 'Checks that the database is available.',
    success: 'The registry is ready.',
    response: Readiness,
  },
} as const

const about = `The HTTP API of an apkg registry.

**Credentials.** Log in to get a session, or create an API token for CI and scripts. Send either as \`Authorization: Bearer …\`.

**Errors.** Every error is a \`Problem\` with a code in \`error.code\`. Each operation lists its codes. New codes can be added, so handle an unknown code by its HTTP status.

**Compatibility.** New endpoints, fields, error codes and enum values are not breaking changes.`

export interface Deployment {
  /** Of the registry software. */
  version: string
  /** Where clients reach the registry. */
  publicUrl?: URL
}

/** The OpenAPI document of a registry. */
export function openApiDocument({version, publicUrl}: Deployment): object {
  const components = new Components()
  const errors = new ErrorResponses()
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = endpoint.unambiguousPath ?? endpoint.path
    const operation = describe(name as EndpointName, endpoint, components, errors)
    paths[path] = {...paths[path], [endpoint.method.toLowerCase()]: operation}
  }
  for (const [name, {path, ...texts}] of Object.entries(probes)) {
    paths[path] = {get: describeProbe(name, path, texts, components, errors)}
  }
  components.render(Problem)
  return {
    openapi: '3.1.0',
    info: {
      title: 'apkg registry',
      summary: 'Packages for AI tools: skills, agents, commands and rules.',
      description: about,
      version,
      license: {name: 'MIT', identifier: 'MIT'},
      contact: {name: 'apkg', url: 'https://github.com/apkg-ai/apkg/issues'},
    },
    servers: [
      {
        url: publicUrl ? publicUrl.href.replace(/\/$/, '') : '/',
        description: 'The registry that serves this document.',
      },
    ],
    tags: Object.entries(tags).map(([name, description]) => ({name, description})),
    paths,
    components: {
      schemas: components.schemas,
      ...errors.components,
      headers,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The access token of a session, or an API token. A token can be restricted to scopes and packages.',
        },
      },
    },
  }
}

function describe(name: EndpointName, endpoint: Endpoint, components: Components, errors: ErrorResponses): object {
  const {access, status} = endpoint
  const {tag, summary, description, success, response, others = {}, isConditional, links}: Operation = operations[name]
  const content = contentOf(endpoint, response, components)
  const more = Object.entries(others).map(([other, meaning]) => [other, {description: meaning}] as const)
  const successes = [[String(status), {description: success, ...(links && {links})}] as const, ...more]
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `${description}${requirementOf(access)}`,
    security: securityOf(access, operations[name]),
    ...parametersOf(endpoint, isConditional === true, components),
    ...requestBodyOf(endpoint, components),
    responses: {
      ...Object.fromEntries(
        successes.map(([code, response]) => [
          code,
          {
            ...response,
            headers: {
              ...requestIdHeader,
              ...(access !== 'public' && credentialHeaders),
              ...(isConditional && {ETag: {$ref: '#/components/headers/EntityTag'}}),
            },
            ...(code !== '304' && content && {content}),
          },
        ]),
      ),
      ...errors.render(refusalsOf(endpoint)),
    },
  }
}

function describeProbe(
  name: string,
  path: string,
  {success, response, ...texts}: {summary: string; description: string; success: string; response: Type.TSchema},
  components: Components,
  errors: ErrorResponses,
): object {
  const content = {'application/json': {schema: components.render(response), example: exampleOf(response)}}
  return {
    operationId: name,
    tags: ['registry'],
    ...texts,
    security: [],
    responses: {
      200: {description: success, headers: requestIdHeader, content},
      ...errors.render(refusalsOf({method: 'GET', path, access: 'public'})),
    },
  }
}

/** Who may call an endpoint, as a sentence for its description. */
function requirementOf(access: Access): string {
  switch (access) {
    case 'public':
      return ''
    case 'reader':
      return '\n\nRequires a credential for private packages, and for all packages if the registry does not allow anonymous reading.'
    case 'credential':
      return '\n\nRequires a session or any token.'
    case 'session':
      return '\n\nRequires a session.'
    case 'operator':
      return '\n\nRequires a session of an operator, with a recent login or confirmation.'
    default:
      return `\n\nRequires a session, or a token with the scope ${sufficientScopes(rightsNeeded(access))}.`
  }
}

/** An empty object makes the credential optional (OpenAPI 3.1 §4.8.10). */
function securityOf(access: Access, {credentialIsOptional}: Operation): object[] {
  if (access === 'reader' || credentialIsOptional) return [{}, {bearer: []}]
  return access === 'public' ? [] : [{bearer: []}]
}

function parametersOf({params, query, idempotent}: Endpoint, isConditional: boolean, components: Components): object {
  const condition = {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of an earlier response. If nothing has changed, the response is 304.',
    schema: {type: 'string', example: '"q2Yk0mFZcV5tXwq1n9d0l3v7s8b4a6eR"'},
  }
  const parameters = [
    ...parametersIn('path', params, components),
    ...parametersIn('query', query, components),
    ...(isConditional ? [condition] : []),
    ...(idempotent ? parametersIn('header', idempotencyHeaders, components) : []),
  ]
  return parameters.length > 0 ? {parameters} : {}
}

/** Header names are not case-sensitive. */
const idempotencyHeaders = Type.Object({'Idempotency-Key': Type.Optional(IdempotencyKey)})

function parametersIn(
  place: 'path' | 'query' | 'header',
  schema: Type.TSchema | undefined,
  components: Components,
): object[] {
  type Fields = {properties?: Record<string, {description: string}>; required?: string[]}
  const {properties = {}, required = []} = (schema ?? {}) as Fields
  return Object.entries(properties).map(([name, property]) => {
    const {description, ...rest} = property
    const rendered = components.render('title' in property ? property : rest)
    return {name, in: place, ...(required.includes(name) && {required: true}), description, schema: rendered}
  })
}

function requestBodyOf({body, bodyFormat, bodyIsOptional}: Endpoint, components: Components): object {
  if (!body) return {}
  const schema = components.render(body)
  const content = bodyFormat ? uploadOf(schema) : {'application/json': {schema, example: exampleOf(body)}}
  return {requestBody: {required: bodyIsOptional !== true, content}}
}

/** The parts of an upload, in order. */
function uploadOf(metadata: object): object {
  const tarball = {type: 'string', format: 'binary', description: 'The `.tar.zst` archive of the package.'}
  return {
    'multipart/form-data': {
      schema: {type: 'object', required: ['metadata', 'tarball'], properties: {metadata, tarball}},
      encoding: {metadata: {contentType: 'application/json'}, tarball: {contentType: 'application/zstd'}},
    },
  }
}

function contentOf(
  {responseFormat}: Endpoint,
  response: Type.TSchema | undefined,
  components: Components,
): object | undefined {
  if (responseFormat) return {'application/zstd': {schema: {type: 'string', format: 'binary'}}}
  return response && {'application/json': {schema: components.render(response), example: exampleOf(response)}}
}
