import {randomUUID} from 'node:crypto'

import {hasCode, isApkgError, refusalBehind, type ApkgError, type RegistryClient} from '@apkg/command-kit'

import {isOutcomeUnknown} from '../../files/is-outcome-unknown.js'

const maxAttempts = 3

/** In milliseconds. If a registry asks for a longer pause, the request isn't retried. */
const maxPause = 10_000

/** Statuses of gateways that lost a response, and of a registry that doesn't know whether it saved a change. */
const lostStatuses: readonly (number | undefined)[] = [502, 503, 504]

/**
 * Sends a request that creates a value. If the response is lost and the registry supports idempotency keys, sends it
 * again with the same key, so that only one value works.
 *
 * @param toUncertain returns the failure for a request that may have been executed although no response arrived.
 * @throws {ApkgError} what `toUncertain` returns; the errors of `client.call` if the request was certainly not
 *   executed.
 */
export async function sendOnce<Response>(
  client: RegistryClient,
  send: (idempotencyKey: string) => Promise<Response>,
  toUncertain: (error: ApkgError) => ApkgError,
): Promise<{response: Response; isRepeated: boolean}> {
  const key = randomUUID()
  const start = performance.now()
  let isUncertain = false
  for (let attempt = 1; ; attempt++) {
    try {
      return {response: await send(key), isRepeated: attempt > 1}
    } catch (error) {
      if (!isApkgError(error)) throw error
      isUncertain ||= isOutcomeUnknown(error)
      const toFailure = (cause: ApkgError) => (isUncertain && !isLabelTaken(cause) ? toUncertain(cause) : cause)
      if (attempt === maxAttempts || !isLost(error, isUncertain)) throw toFailure(error)
      const pause = pauseAfter(error, attempt)
      const obstacle = await whyNotRepeatable(client, error, {pause, start})
      if (obstacle) throw toFailure(obstacle)
    }
  }
}

/**
 * The label belongs to another token then: a registry that created one for this request doesn't refuse to repeat it.
 */
function isLabelTaken(error: ApkgError): boolean {
  return refusalBehind(error)?.code === 'LABEL_TAKEN'
}

/** @param isUncertain whether this or an earlier attempt may have been executed. */
function isLost(error: ApkgError, isUncertain: boolean): boolean {
  if (hasCode(error, 'TIMED_OUT')) return true
  if (hasCode(error, 'UNREACHABLE')) return isUncertain
  return hasCode(error, 'SERVER_FAILED') && lostStatuses.includes(refusalBehind(error)?.status)
}

/** Returns the pause in milliseconds: 1 s, then 2 s, or what the registry asks for. */
function pauseAfter(error: ApkgError, attempt: number): number {
  const seconds = refusalBehind(error)?.retryAfter
  return seconds === undefined ? 1000 * attempt : seconds * 1000
}

/**
 * Waits, and asks the registry whether it supports idempotency keys. This happens only after a response was lost, so
 * that usually no further request is sent.
 *
 * @returns the error to report if it doesn't; undefined if the request can be retried
 */
async function whyNotRepeatable(
  client: RegistryClient,
  lost: ApkgError,
  {pause, start}: {pause: number; start: number},
): Promise<ApkgError | undefined> {
  if (pause > maxPause) return lost
  try {
    await client.pause(pause)
    const {idempotencyWindow} = await client.call('getPolicy', {})
    return performance.now() - start < (idempotencyWindow ?? 0) * 1000 ? undefined : lost
  } catch (error) {
    if (!isApkgError(error)) throw error
    return hasCode(error, 'INTERRUPTED') ? error : lost
  }
}
