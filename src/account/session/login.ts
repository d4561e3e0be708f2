import {
  assertWellFormed,
  hasCode,
  refusalBehind,
  Secret,
  type RegistryClient,
  type StoredLogin,
} from '@apkg/command-kit'
import type {LoginResponse, SessionResponse} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {NewLogin} from './browser/new-login.js'
import type {LoginInput} from './login-input.js'

/** Attempts at the second factor before the login fails. */
const maxCodeAttempts = 3

/**
 * Logs in with a password and, if the account requires it, a second factor.
 *
 * @throws {ApkgError} `LOGIN_REJECTED` for a wrong password or code.
 */
export async function logIn(client: RegistryClient, input: LoginInput): Promise<NewLogin> {
  const {username, password} = input
  const answer = await orRejected(client, () => client.call('login', {body: {username, password}}))
  const session = answer.mfaRequired ? await completeChallenge(client, input, answer) : answer
  const {accessToken, refreshToken} = session
  if (!accessToken || !refreshToken) {
    const missing = accessToken ? 'refresh token' : 'access token'
    throw failure('BAD_RESPONSE', {
      purpose: 'log in',
      registry: client.registry,
      reason: `the response contains no ${missing}`,
    })
  }
  return {
    registry: client.registry,
    accessToken: new Secret(accessToken),
    refreshToken: new Secret(refreshToken),
    username: session.username ?? username,
    expiring: session.expiringTokens,
  }
}

/**
 * Uses an existing token as the credential for a registry, after checking that the registry accepts it.
 *
 * @throws {ApkgError} `TOKEN_DAMAGED`, `TOKEN_UNSENDABLE`, `REJECTED`.
 */
export async function adoptToken(client: RegistryClient, value: string): Promise<StoredLogin> {
  const credential = {secret: new Secret(value), source: 'standard input'}
  assertWellFormed(credential)
  const {username, organization} = await client.withCredential(credential).call('whoami', {})
  const login = {registry: client.registry, accessToken: credential.secret, refreshToken: new Secret('')}
  // The user who created a token of an organization may be someone else.
  return {...login, username: organization ?? username}
}

async function completeChallenge(
  client: RegistryClient,
  input: LoginInput,
  {mfaToken}: LoginResponse,
): Promise<SessionResponse> {
  if (!mfaToken) {
    throw failure('BAD_RESPONSE', {
      purpose: 'log in',
      registry: client.registry,
      reason: 'the response contains no MFA token',
    })
  }
  let reason: string | undefined
  for (let attempt = 1; ; attempt++) {
    const code = (await input.code(reason)).trim()
    try {
      return await orRejected(client, () => client.call('completeMfaChallenge', {body: {mfaToken, code}}))
    } catch (error) {
      if (!hasCode(error, 'LOGIN_REJECTED') || attempt === maxCodeAttempts || !input.canAskForCodeAgain) throw error
      reason = refusalBehind(error)?.reason
    }
  }
}

/** Here, a 401 is about the password or the code, not about the credential in use. */
async function orRejected<Answer>(client: RegistryClient, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.status !== 401) throw error
    throw failure('LOGIN_REJECTED', {registry: client.registry, reason: refusal.reason}, {cause: refusal})
  }
}
