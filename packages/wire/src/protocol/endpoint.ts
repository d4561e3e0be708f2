import type {TSchema} from 'typebox'

import type {ProblemCode} from '../problems.js'
import type {Service} from '../services.js'
import type {Access} from './access.js'

/** What a client needs to know to call an endpoint. */
export interface Route {
  readonly service: Service
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with a slash; `{name}` is one percent-encoded segment. */
  readonly path: string
  readonly access: Access
  /** What the client is doing, completing "cannot …". */
  readonly purpose: string
  /** `multipart`: multipart/form-data with a part `metadata`, which is the body as JSON, then a part `tarball`. */
  readonly bodyFormat?: 'multipart'
  /** `bytes`: the response is a tarball. */
  readonly responseFormat?: 'bytes'
}

export interface Endpoint extends Route {
  /** A second path that matches no other template. The OpenAPI document uses it instead of `path`. */
  readonly unambiguousPath?: string
  /** The permission that the caller also needs on the package in the path. */
  readonly onPackage?: 'read' | 'change'
  /** Whether a session needs a recent login or password confirmation. */
  readonly confirmation?: true
  /** Whether requests can have an `Idempotency-Key`, with which they can be sent again if the response is lost. */
  readonly idempotent?: true
  /** Whether a token that is limited to certain addresses can call it from any address. */
  readonly anyAddress?: true
  /** The HTTP status of a successful response. */
  readonly status: 200 | 201 | 202 | 204
  /** The errors of this endpoint, in addition to those that `refusalsOf` adds. */
  readonly refusals?: readonly ProblemCode[]
  /**
   * The tokens that a token can call it for. `own`: those of its user, but not those of an organization, which is the
   * `organization` in the query. `itself`: its own ID, which is the `id` in the path.
   */
  readonly onTokens?: 'own' | 'itself'
  /** The error for a token if only a session has the access; `SESSION_REQUIRED` by default. */
  readonly accessRefusal?: ProblemCode
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** Whether a request without a body is treated as one with an empty object. */
  readonly bodyIsOptional?: boolean
  /** What a client requires of the response. Absent if the response isn't JSON. */
  readonly response?: TSchema
}

/** The part of an endpoint that a client needs, without the schemas. */
export function routeOf(endpoint: Endpoint): Route {
  const {service, method, path, access, purpose, bodyFormat, responseFormat} = endpoint
  const route = {service, method, path, access, purpose}
  return {...route, ...(bodyFormat && {bodyFormat}), ...(responseFormat && {responseFormat})}
}
