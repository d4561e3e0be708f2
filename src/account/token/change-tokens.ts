import {
  exitCodes,
  failure,
  hasCode,
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
export interface TokenOutcome<Done extends string = string> {
  /** Null if no token was found. With --current, also null if the registry doesn't report it. */
  id: string | null
  /** Null if no token was found. With --current, also null if the registry doesn't report it. */
  label: string | null
  /** The argument that no token was found for. Absent for a token. */
  argument?: string
  /** `planned`: it would be done without --dry-run. */
  status: Done | 'already' | 'planned' | 'not-found' | 'failed' | 'unknown'
  /**
   * When it was done before; null if the registry doesn't report it. Absent for every status but `already`.
   *
   * @format date-time
   */
  since?: string | null
  /** Why it wasn't done, or why that is unknown. Absent if it was done, and if no token was found. */
  reason?: string
  /** Suggested next steps, such as commands to run. Only set if it wasn't done. */
  suggestions?: string[]
  /** The exit code if this were the only failure. Absent if it was done. */
  exitCode?: ExitCode
}

/** A change to make to tokens, one by one. */
export interface TokenChange<Done extends string> {
  verb: 'revoke' | 'suspend' | 'resume'
  /** The status of a token that it was done with. */
  done: Done
  /** The endpoint, if only a session can call it. */
  sessionEndpoint?: 'resumeToken'
  /** When it was done before; null if that isn't known, and undefined if it wasn't done. */
  doneBefore(token: Token): string | null | undefined
  /** @returns `already` if the registry says that there is nothing to do. */
  send(client: RegistryClient, token: Token): Promise<'done' | 'already'>
}

/**
 * Changes tokens one by one. Continues after a failure, but not after Ctrl-C. The token that authenticates the requests
 * comes last, because the change may make the other requests fail. Arguments without a token follow.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry has no such endpoint; `CONFIRMATION_REQUIRED`, `CONFIRMATION_REJECTED`;
 *   `REFUSED` if it requires a session.
 */
export async function changeTokens<Done extends string>(
  client: RegistryClient,
  {tokens, unmatched, withoutCurrent}: Selection,
  change: TokenChange<Done>,
): Promise<TokenOutcome<Done>[]> {
  const outcomes: TokenOutcome<Done>[] = []
  let interrupted = false
  for (const token of withoutCurrent ? tokens : await currentLast(client, tokens)) {
    const outcome: TokenOutcome<Done> = interrupted ? untried(token) : await changeOne(client, token, change)
    interrupted ||= outcome.exitCode === exitCodes.interrupted
    outcomes.push(outcome)
  }
  return [...outcomes, ...unmatched.map(notFound)]
}

/** What `changeTokens` would do. */
export function planChange<Done extends string>(
  {tokens, unmatched}: Selection,
  change: TokenChange<Done>,
): TokenOutcome<Done>[] {
  const planned = tokens.map((token) => alreadyDone(token, change) ?? {...named(token), status: 'planned' as const})
  return [...planned, ...unmatched.map(notFound)]
}

function named({id, label}: Token): {id: string; label: string} {
  return {id, label}
}

function notFound(argument: string): TokenOutcome<never> {
  const suggestions = ['run `apkg token list` to find its ID']
  return {id: null, label: null, argument, status: 'not-found', suggestions, exitCode: exitCodes.failed}
}

async function currentLast(client: RegistryClient, tokens: readonly Token[]): Promise<Token[]> {
  const current = tokens.length > 1 ? await currentId(client) : undefined
  const isCurrent = ({id}: Token) => id === current
  return [...tokens.filter((token) => !isCurrent(token)), ...tokens.filter(isCurrent)]
}

/** Only used to order the requests, so errors other than Ctrl-C are ignored. */
async function currentId(client: RegistryClient): Promise<string | undefined> {
  try {
    return (await client.call('whoami', {})).credential?.id
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
    return undefined
  }
}

const endsAll = ['NOT_OFFERED', 'CONFIRMATION_REQUIRED', 'CONFIRMATION_REJECTED']

/** Whether the other tokens would have the failure, too. */
function isForAll(error: ApkgError): boolean {
  return endsAll.some((code) => hasCode(error, code)) || refusalBehind(error)?.code === 'SESSION_REQUIRED'
}

async function changeOne<Done extends string>(
  client: RegistryClient,
  token: Token,
  change: TokenChange<Done>,
): Promise<TokenOutcome<Done>> {
  const before = alreadyDone(token, change)
  if (before) return before
  try {
    const answer = await change.send(client, token)
    if (answer === 'already') return {...named(token), status: 'already', since: null}
    return {...named(token), status: change.done}
  } catch (error) {
    if (!isApkgError(error) || isForAll(error)) throw error
    return {...named(token), status: isOutcomeUnknown(error) ? 'unknown' : 'failed', ...whyNot(error)}
  }
}

function alreadyDone(token: Token, change: TokenChange<string>): TokenOutcome<never> | undefined {
  const since = change.doneBefore(token)
  return since === undefined ? undefined : {...named(token), status: 'already', since}
}

function untried(token: Token): TokenOutcome<never> {
  return {...named(token), status: 'failed', ...whyNot(failure('INTERRUPTED'))}
}

function whyNot({
  message,
  suggestions,
  exitCode,
}: ApkgError): Pick<TokenOutcome, 'reason' | 'suggestions' | 'exitCode'> {
  return {reason: message, ...(suggestions.length > 0 && {suggestions}), exitCode: exitCode as ExitCode}
}

const failures: readonly string[] = ['not-found', 'failed', 'unknown'] satisfies TokenOutcome<never>['status'][]

/** 0 if everything was done, 6 if some of it was, the first failure's code if nothing was; 130 after Ctrl-C. */
export function exitCodeOf(outcomes: readonly TokenOutcome[]): ExitCode {
  const codes = outcomes.flatMap(({status, exitCode}) =>
    failures.includes(status) ? [exitCode ?? exitCodes.failed] : [],
  )
  const [first = exitCodes.done] = codes
  if (codes.includes(exitCodes.interrupted)) return exitCodes.interrupted
  return codes.length > 0 && codes.length < outcomes.length ? exitCodes.partial : first
}
