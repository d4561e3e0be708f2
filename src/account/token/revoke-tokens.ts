import {
  exitCodes,
  failure,
  isApkgError,
  refusalBehind,
  type ApkgError,
  type ExitCode,
  type RegistryClient,
} from '@apkg/command-kit'

import {isOutcomeUnknown} from '../../files/is-outcome-unknown.js'
import type {Selection} from './select-tokens.js'
import type {Token} from './token.js'

/** The outcome for a token, or for an argument that matches none. */
export interface Revocation {
  /** Null if no token was found. */
  id: string | null
  /** Null if no token was found. */
  label: string | null
  /** The argument that no token was found for. Absent for a token. */
  argument?: string
  /** `unknown`: the registry's response was lost, so the token may or may not be revoked. */
  status: 'revoked' | 'not-found' | 'failed' | 'unknown'
  /** Why the token wasn't revoked, or why that is unknown. Absent if it was revoked or not found. */
  reason?: string
  /** The exit code if this were the only failure. Absent if the token was revoked. */
  exitCode?: ExitCode
}

/**
 * Revokes tokens one by one. Continues after a failure, but not after Ctrl-C. The token that authenticates the requests
 * comes last, because revoking it makes the other requests fail. Arguments without a token follow.
 */
export async function revokeTokens(client: RegistryClient, {tokens, unmatched}: Selection): Promise<Revocation[]> {
  const revocations: Revocation[] = []
  let interrupted = false
  for (const token of await ownLast(client, tokens)) {
    const revocation: Revocation = interrupted ? untried(token) : await revoke(client, token)
    interrupted ||= revocation.exitCode === exitCodes.interrupted
    revocations.push(revocation)
  }
  return [...revocations, ...unmatched.map(notFound)]
}

function notFound(argument: string): Revocation {
  return {id: null, label: null, argument, status: 'not-found', exitCode: exitCodes.failed}
}

async function ownLast(client: RegistryClient, tokens: readonly Token[]): Promise<Token[]> {
  const own = tokens.length > 1 ? await ownId(client) : undefined
  const isOwn = ({id}: Token) => id === own
  return [...tokens.filter((token) => !isOwn(token)), ...tokens.filter(isOwn)]
}

/** Only used to order the requests, so errors other than Ctrl-C are ignored. */
async function ownId(client: RegistryClient): Promise<string | undefined> {
  try {
    return (await client.call('whoami', {})).credential?.id
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    return undefined
  }
}

/** A 404 means that the token is already revoked. */
async function revoke(client: RegistryClient, {id, label}: Token): Promise<Revocation> {
  try {
    await client.call('revokeToken', {params: {id}})
    return {id, label, status: 'revoked'}
  } catch (error) {
    if (!isApkgError(error)) throw error
    if (refusalBehind(error)?.status === 404) return {id, label, status: 'revoked'}
    return {id, label, status: isOutcomeUnknown(error) ? 'unknown' : 'failed', ...whyNot(error)}
  }
}

function untried({id, label}: Token): Revocation {
  return {id, label, status: 'failed', ...whyNot(failure('INTERRUPTED'))}
}

function whyNot({message, exitCode}: ApkgError): Pick<Revocation, 'reason' | 'exitCode'> {
  return {reason: message, exitCode: exitCode as ExitCode}
}

/**
 * Revokes the token that the client authenticates with.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry has no such endpoint; `REFUSED` if the credential is a session.
 */
export async function revokeCurrentToken(client: RegistryClient): Promise<Revocation> {
  const {credential} = await client.call('whoami', {})
  try {
    await client.call('revokeCurrentToken', {})
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status !== 404 && status !== 405) throw error
    throw failure('NOT_OFFERED', {purpose: 'revoke the token in use', registry: client.registry}, {cause: error})
  }
  return {id: credential?.id ?? 'unknown', label: credential?.label ?? 'the token in use', status: 'revoked'}
}

/** 0 if all were revoked, 6 if some were, the first failure's code if none were; 130 after Ctrl-C. */
export function exitCodeOf(revocations: readonly Revocation[]): ExitCode {
  const codes = revocations.flatMap(({status, exitCode}) =>
    status === 'revoked' ? [] : [exitCode ?? exitCodes.failed],
  )
  const [first = exitCodes.done] = codes
  if (codes.includes(exitCodes.interrupted)) return exitCodes.interrupted
  return codes.length > 0 && codes.length < revocations.length ? exitCodes.partial : first
}
