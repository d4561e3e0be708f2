import {
  type ApkgError,
  CredentialStore,
  type ExitCode,
  exitCodes,
  failure,
  isApkgError,
  refusalBehind,
  type RegistryClient,
} from '@apkg/command-kit'
import type {SessionSummary} from '@apkg/wire/protocol'

import {isOutcomeUnknown} from '../../files/is-outcome-unknown.js'
import type {SessionSelection} from './select-sessions.js'

/** The outcome for a session, or for an argument that matches none. */
export interface SessionRevocation {
  /** Null if no session was found. */
  id: string | null
  /** Whether this command used the session. */
  current: boolean
  /** The argument that no session was found for. Absent for a session. */
  argument?: string
  /**
   * `planned`: it would be revoked without --dry-run. `already`: the session was revoked before, or has expired.
   * `unknown`: the registry's response was lost, so the session may or may not be revoked.
   */
  status: 'revoked' | 'planned' | 'already' | 'not-found' | 'failed' | 'unknown'
  /**
   * When the session ended. Only set if `status` is `already`.
   *
   * @format date-time
   */
  since?: string
  /** Why the session wasn't revoked, or why that is unknown. Absent if it was revoked or not found. */
  reason?: string
  /** Suggested next steps, such as commands to run. Only set if it wasn't done. */
  suggestions?: string[]
  /** The exit code if this were the only failure. Absent if the session is revoked. */
  exitCode?: ExitCode
}

/**
 * Revokes sessions one by one. Continues after a failure, but not after Ctrl-C. The session that authenticates the
 * requests comes last, because revoking it makes the other requests fail. In the result, ended sessions and arguments
 * without a session follow.
 *
 * @param options `isDryRun`: reports the sessions without revoking them
 */
export async function revokeSessions(
  client: RegistryClient,
  {active, ended, unmatched}: SessionSelection,
  {isDryRun}: {isDryRun: boolean},
): Promise<SessionRevocation[]> {
  const revocations: SessionRevocation[] = []
  let isInterrupted = false
  for (const session of active.toSorted((a, b) => Number(a.current) - Number(b.current))) {
    if (isDryRun) {
      revocations.push(planned(session))
      continue
    }
    const revocation: SessionRevocation = isInterrupted ? notTried(session) : await revoke(client, session)
    isInterrupted ||= revocation.exitCode === exitCodes.interrupted
    revocations.push(revocation)
  }
  return [...revocations, ...ended.map(alreadyOver), ...unmatched.map(notFound)]
}

/**
 * Removes the stored login if its session was revoked, since it would only fail.
 *
 * @returns whether it was removed
 * @throws {ApkgError} the errors of the store
 */
export async function removeRevokedLogin(
  client: RegistryClient,
  revocations: readonly SessionRevocation[],
  home: string,
): Promise<boolean> {
  if (!revocations.some(({current, status}) => current && status === 'revoked')) return false
  const store = new CredentialStore(home)
  const isStored = client.credential?.source === (await store.find(client.registry))?.file
  return isStored && (await store.remove(client.registry)) !== undefined
}

/** 0 if all are revoked, 6 if some are, the first failure's code if none are; 130 after Ctrl-C. */
export function sessionExitCode(revocations: readonly SessionRevocation[]): ExitCode {
  const codes = revocations.flatMap(({exitCode}) => exitCode ?? [])
  const [first = exitCodes.done] = codes
  if (codes.includes(exitCodes.interrupted)) return exitCodes.interrupted
  return codes.length > 0 && codes.length < revocations.length ? exitCodes.partial : first
}

async function revoke(client: RegistryClient, {id, current}: SessionSummary): Promise<SessionRevocation> {
  try {
    await client.call('revokeSession', {params: {id}})
    return {id, current, status: 'revoked'}
  } catch (error) {
    if (!isApkgError(error)) throw error
    if (refusalBehind(error)?.code === 'SESSION_UNKNOWN') return {id, current, status: 'revoked'}
    const status = isOutcomeUnknown(error) ? 'unknown' : 'failed'
    return {id, current, status, ...whyNot(error)}
  }
}

function planned({id, current}: SessionSummary): SessionRevocation {
  return {id, current, status: 'planned'}
}

function alreadyOver({id, current, revokedAt, expires}: SessionSummary): SessionRevocation {
  return {id, current, status: 'already', since: revokedAt ?? expires}
}

function notTried({id, current}: SessionSummary): SessionRevocation {
  return {id, current, status: 'failed', ...whyNot(failure('INTERRUPTED'))}
}

function whyNot({
  message,
  suggestions,
  exitCode,
}: ApkgError): Pick<SessionRevocation, 'reason' | 'suggestions' | 'exitCode'> {
  return {reason: message, ...(suggestions.length > 0 && {suggestions}), exitCode: exitCode as ExitCode}
}

function notFound(argument: string): SessionRevocation {
  const suggestions = ['run `apkg session list` to find its ID']
  return {id: null, current: false, argument, status: 'not-found', suggestions, exitCode: exitCodes.failed}
}
