import {type IdempotentRequest, idempotencyWindow} from '../idempotency.js'
import {first, type Rule, run, statement, type Step} from '../port.js'
import {findLive} from './package-authority.js'

interface EarlierRequest {
  fingerprint: Uint8Array
  token_id: string
  /** The ID of the value in the latest response. */
  value_id: string
  newest_id: string
  /** Null if the value was never used. */
  used_at: number | null
}

const findRequest = statement<EarlierRequest>(`
  SELECT k.fingerprint, v.token_id, v.id AS value_id, t.value_id AS newest_id, c.last_used_at AS used_at
  FROM idempotency_keys k JOIN token_values v ON v.id = k.value_id JOIN tokens t ON t.id = v.token_id
  LEFT JOIN credential_uses c ON c.credential_id = v.id AND c.only_elsewhere = 0
  WHERE k.user_id = ?1 AND k.key_hash = ?2 AND k.created_at > ?3`)

const addRequest = statement(`
  INSERT INTO idempotency_keys (user_id, key_hash, fingerprint, value_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (user_id, key_hash) DO UPDATE SET fingerprint = ?3, value_id = ?4, created_at = ?5`)

const updateRequest = statement('UPDATE idempotency_keys SET value_id = ?3 WHERE user_id = ?1 AND key_hash = ?2')

/** Finds the latest request of an account with the same key. Returns no step without a key. */
export function findEarlier(
  userId: string,
  request: IdempotentRequest | undefined,
  now: number,
): Step<EarlierRequest | undefined>[] {
  return request ? [first(findRequest(userId, request.key, now - idempotencyWindow))] : []
}

/**
 * Checks whether a request repeats an earlier one, and can replace the value in its response.
 *
 * @returns undefined for a first request, or the earlier one if its value was never used
 */
export function* repetitionOf(
  earlier: EarlierRequest | undefined,
  request: IdempotentRequest | undefined,
  now: number,
): Rule<EarlierRequest | 'key-reused' | 'already-done' | undefined> {
  if (!earlier || !request) return undefined
  if (!Buffer.from(earlier.fingerprint).equals(request.fingerprint)) return 'key-reused'
  if (earlier.used_at !== null || earlier.value_id !== earlier.newest_id) return 'already-done'
  const live = yield* findLive({kind: 'token', valueId: earlier.value_id}, now)
  return live === undefined ? 'already-done' : earlier
}

/** Remembers the value in the response. A key is valid from its first request. Returns no step without a key. */
export function remember(
  userId: string,
  request: IdempotentRequest | undefined,
  {valueId, isRepetition}: {valueId: string; isRepetition: boolean},
  now: number,
): Step<number>[] {
  if (!request) return []
  const {key, fingerprint} = request
  return [
    isRepetition ? run(updateRequest(userId, key, valueId)) : run(addRequest(userId, key, fingerprint, valueId, now)),
  ]
}
