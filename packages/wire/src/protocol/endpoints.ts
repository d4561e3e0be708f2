import type {TSchema} from 'typebox'

import type {Grant} from '../scopes.js'
import type {Service} from '../services.js'
import * as answers from './answers.js'
import * as requests from './requests.js'

/**
 * Who may call an endpoint: anybody; the holder of any valid credential; the holder of a session; or a session or a
 * token with the named grant.
 */
export type Access = 'public' | 'credential' | 'session' | Grant

export interface Endpoint {
  readonly service: Service
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with a slash; `{name}` stands for one percent-encoded segment. */
  readonly path: string
  readonly access: Access
  /** What the client is doing, completing "cannot …". */
  readonly purpose: string
  readonly query?: TSchema
  readonly params?: TSchema
  readonly body?: TSchema
  /** Whether a request without a body means the same as one with an empty object. */
  readonly bodyIsOptional?: boolean
  /** Absent where the answer has no body. */
  readonly answer?: TSchema
}

/**
 * The protocol. `refresh`, `logout` and `revokeCurrentToken` go beyond the original one: a client takes 404 or 405 on
 * them as "this registry does not offer it".
 */
export const endpoints = {
  login: {
    service: 'auth',
    method: 'POST',
    path: '/auth/login',
    access: 'public',
    purpose: 'log in',
    body: requests.LoginRequest,
    answer: answers.LoginAnswer,
  },
  answerMfaChallenge: {
    service: 'mfa',
    method: 'POST',
    path: '/auth/mfa/challenge',
    access: 'public',
    purpose: 'complete the MFA challenge',
    body: requests.MfaChallengeRequest,
    answer: answers.SessionAnswer,
  },
  refresh: {
    service: 'auth',
    method: 'POST',
    path: '/auth/refresh',
    access: 'public',
    purpose: 'refresh the session',
    body: requests.RefreshRequest,
    answer: answers.SessionAnswer,
  },
  logout: {
    service: 'auth',
    method: 'POST',
    path: '/auth/logout',
    access: 'public',
    purpose: 'end the session',
    body: requests.LogoutRequest,
    bodyIsOptional: true,
  },
  whoami: {
    service: 'auth',
    method: 'GET',
    path: '/auth/whoami',
    access: 'credential',
    purpose: 'fetch the current user',
    answer: answers.WhoamiAnswer,
  },
  createToken: {
    service: 'token',
    method: 'POST',
    path: '/auth/tokens',
    access: 'session',
    purpose: 'create an API token',
    body: requests.CreateTokenRequest,
    answer: answers.CreatedTokenAnswer,
  },
  listTokens: {
    service: 'token',
    method: 'GET',
    path: '/auth/tokens',
    access: 'manage-tokens',
    purpose: 'list API tokens',
    query: requests.TokenListQuery,
    answer: answers.TokenPage,
  },
  revokeCurrentToken: {
    service: 'token',
    method: 'DELETE',
    path: '/auth/tokens/current',
    access: 'credential',
    purpose: 'revoke the API token in use',
  },
  revokeToken: {
    service: 'token',
    method: 'DELETE',
    path: '/auth/tokens/{id}',
    access: 'manage-tokens',
    purpose: 'revoke an API token',
    params: requests.TokenParams,
  },
} as const satisfies Record<string, Endpoint>

export type EndpointName = keyof typeof endpoints
