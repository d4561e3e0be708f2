import type {TSchema} from 'typebox'

import type {ProblemCode} from '../problems.js'
import type {Grant} from '../scopes.js'
import type {Service} from '../services.js'

/**
 * Who may call an endpoint: anybody; a reader (anybody, with a credential or without, where the registry lets strangers
 * read; a credential that is sent has to be valid); the holder of any valid credential; the holder of a session; or a
 * session or a token with the named grant.
 */
export type Access = 'public' | 'reader' | 'credential' | 'session' | Grant

export interface Endpoint {
  readonly service: Service
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with a slash; `{name}` stands for one percent-encoded segment. */
  readonly path: string
  readonly access: Access
  /** The error for a credential without that access; `SCOPE_INSUFFICIENT` by default. */
  readonly accessRefusal?: ProblemCode
  /** The permission that the caller also needs on the package in the path. */
  readonly onPackage?: 'read' | 'publish'
  /** What the client is doing, completing "cannot …". */
  readonly purpose: string
  readonly query?: TSchema
  readonly params?: TSchema
  readonly body?: TSchema
  /** `multipart`: the body is the JSON of a part `metadata`, and a part `tarball` follows (multipart/form-data). */
  readonly bodyFormat?: 'multipart'
  /** `bytes`: the answer is a tarball. */
  readonly answerFormat?: 'bytes'
  /** Whether a request without a body means the same as one with an empty object. */
  readonly bodyIsOptional?: boolean
  /** Absent where the answer has no body. */
  readonly answer?: TSchema
}
