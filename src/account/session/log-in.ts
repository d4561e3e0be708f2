import {assertWellFormed, hasCode, refusalBehind, Secret, type RegistryClient, type StoredSet} from '@apkg/command-kit'
import type {LoginAnswer, SessionAnswer} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {LoginInput} from './login-input.js'

/** How often a second factor may be given wrong before the login is over. */
const mostCodes = 3

/**
 * Logs in with a password and, where the account has one, a second factor.
 *
 * @throws {ApkgError} `LOGIN_REJECTED` for a wrong password or code.
 */
export async function logIn(client: RegistryClient, input: LoginInput): Promise<StoredSet> {
  const {username, password} = input
  const answer = await orRejected(client, () => client.call('login', {body: {username, password}}))
  const session = answer.mfaRequired ? await answerChallenge(client, input, answer) : answer
  const {accessToken, refreshToken} = session
  if (!accessToken || !refreshToken) {
    const missing = accessToken ? 'refresh token' : 'access token'
    throw failure('BAD_ANSWER', {
      purpose: 'log in',
      registry: client.registry,
      reason: `its answer lacks the ${missing}`,
    })
  }
  return {
    registry: client.registry,
    accessToken: new Secret(accessToken),
    refreshToken: new Secret(refreshToken),
    username: session.username ?? username,
  }
}

/**
 * Takes a token that the user already has as the credential for a registry, once the registry has accepted it.
 *
 * @throws {ApkgError} `TOKEN_DAMAGED`, `TOKEN_UNSENDABLE`, `REJECTED`.
 */
export async function adoptToken(client: RegistryClient, value: string): Promise<StoredSet> {
  const credential = {secret: new Secret(value), source: 'standard input'}
  assertWellFormed(credential)
  const {username} = await client.withCredential(credential).call('whoami', {})
  return {registry: client.registry, accessToken: credential.secret, refreshToken: new Secret(''), username}
}

async function answerChallenge(
  client: RegistryClient,
  input: LoginInput,
  {mfaToken}: LoginAnswer,
): Promise<SessionAnswer> {
  if (!mfaToken) {
    throw failure('BAD_ANSWER', {
      purpose: 'log in',
      registry: client.registry,
      reason: 'its answer lacks the MFA token',
    })
  }
  let reason: string | undefined
  for (let attempt = 1; ; attempt++) {
    const code = (await input.code(reason)).trim()
    try {
      return await orRejected(client, () => client.call('answerMfaChallenge', {body: {mfaToken, code}}))
    } catch (error) {
      if (!hasCode(error, 'LOGIN_REJECTED') || attempt === mostCodes || !input.canAskAgain) throw error
      reason = refusalBehind(error)?.reason
    }
  }
}

/** A 401 here is about the password or the code, and not about the credential in use. */
async function orRejected<Answer>(client: RegistryClient, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.status !== 401) throw error
    throw failure('LOGIN_REJECTED', {registry: client.registry, reason: refusal.reason}, {cause: refusal})
  }
}
