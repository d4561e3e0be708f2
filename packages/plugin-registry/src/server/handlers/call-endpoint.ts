import type {IncomingHttpHeaders} from 'node:http'

import {type Endpoint, endpoints, type EndpointName, IdempotencyHeaders} from '@apkg/wire/protocol'
import type {TSchema} from 'typebox'

import type {Client} from '../auth/actor.js'
import {authorize} from '../auth/authorize.js'
import {idempotentRequest} from '../http/idempotent-request.js'
import {compileValidator, describeValidation} from '../http/validation.js'
import type {Credential} from '../store/store.js'
import type {Ports} from './handler.js'
import {handlers} from './handlers.js'
import {withRefusalRecorded} from './record-refusal.js'
import {Reply} from './reply.js'

/** The sender of a request, before it is authorized. */
export interface Caller {
  client: Client
  /** The value of the `Authorization` header, if there is one. */
  authorization: string | undefined
  /** A browser session, which is used instead of `authorization`. */
  cookie?: string | undefined
  /** See `authorize`. */
  onAuthenticated?: (credential: Credential) => void
}

/** Authorizes a request for an endpoint. See `authorize`. */
export function authorizeCall(
  name: EndpointName,
  {params, query}: {params: unknown; query: unknown},
  {client, ...caller}: Caller,
  ports: Ports,
): Promise<Credential | undefined> {
  const access = {
    action: name,
    endpoint: endpoints[name] as Endpoint,
    client,
    address: ports.addresses.of(client.address),
    params: params as {name?: string; id?: string},
    query: query as {organization?: unknown},
    anonymousRead: ports.config.anonymousRead,
    ...caller,
  }
  return authorize(ports.store, ports.guard, access, ports.clock().getTime())
}

/** A request for an endpoint that doesn't come in by the endpoint's own route. */
export interface EndpointRequest {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  headers?: IncomingHttpHeaders
}

/** The response of an endpoint. A body that was serialized before is in `json`. */
export interface EndpointResponse {
  status: number
  headers: Record<string, string>
  body: unknown
  json: Buffer | undefined
}

/**
 * Calls an endpoint with the same authorization, validation, limits and audit rows as a request to its route.
 *
 * @throws {Refusal} as the route responds
 */
export async function callEndpoint(
  name: EndpointName,
  {params = {}, query = {}, body, headers = {}}: EndpointRequest,
  caller: Caller,
  ports: Ports,
): Promise<EndpointResponse> {
  const endpoint: Endpoint = endpoints[name]
  const credential = await authorizeCall(name, {params, query}, caller, ports)
  const request = {
    params: valid(endpoint.params, params, 'params'),
    query: valid(endpoint.query, query, 'querystring'),
    body: valid(endpoint.body, body ?? (endpoint.bodyIsOptional ? {} : body), 'body'),
    headers: endpoint.idempotent ? (valid(IdempotencyHeaders, headers, 'headers') as IncomingHttpHeaders) : headers,
  }
  const call = {
    ...request,
    ...{credential, isHead: false, upload: undefined, client: caller.client, now: ports.clock()},
    ...(endpoint.idempotent && {idempotency: idempotentRequest(endpoint, request)}),
  }
  const handle = handlers[name] as (call: unknown, ports: Ports) => Promise<unknown>
  const response = await handle(call, ports).catch((error: unknown) =>
    withRefusalRecorded(error, name, {params, credential, client: caller.client}, ports),
  )
  if (!(response instanceof Reply)) return {status: endpoint.status, headers: {}, body: response, json: undefined}
  const {status = endpoint.status, headers: own = {}, json} = response.options
  return {status, headers: own, body: response.body, json}
}

function valid(
  schema: TSchema | undefined,
  value: unknown,
  part: 'params' | 'querystring' | 'body' | 'headers',
): unknown {
  if (!schema) return value
  const check = compileValidator({schema, httpPart: part, method: '', url: ''})
  const result = check(value) as {value?: unknown; error?: Parameters<typeof describeValidation>[0]}
  if (result.error) throw describeValidation(result.error, part)
  return result.value
}
