import type {EndpointName} from '@apkg/wire/protocol'
import type {FastifyRequest} from 'fastify'
import type {Static, TSchema} from 'typebox'

import type {operations} from '../http/openapi/index.js'

/** What a page sends to an endpoint. */
export interface CallInput {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  headers?: Record<string, string>
}

/** The response of an endpoint: its headers, and its body unless it was serialized before. */
export interface CallAnswer {
  headers: Record<string, string>
  body: unknown
  json: Buffer | undefined
}

/**
 * Calls an endpoint for the sender of a request. The endpoint's authorization, restrictions, limits and audit rows are
 * those of its route.
 *
 * @param session the browser's session. The `Authorization` header of the request is ignored.
 * @throws {Refusal} as the route responds
 */
export type Call = (
  name: EndpointName,
  input: CallInput,
  request: FastifyRequest,
  session: string | undefined,
) => Promise<CallAnswer>

/** The body of an endpoint's response. */
export type BodyOf<Name extends EndpointName> = (typeof operations)[Name] extends {
  response: infer Schema extends TSchema
}
  ? Static<Schema>
  : undefined
