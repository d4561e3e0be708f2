import {type Rule, run, statement} from '../port.js'
import type {Credential} from '../store.js'

const takeUse = statement('UPDATE tokens SET uses_left = uses_left - 1 WHERE id = ?1 AND uses_left > 0')

/**
 * Counts a use of a token with a limited number of uses. Runs in the transaction of the change, after all checks and
 * before the first write, so that a refused change isn't counted.
 *
 * @returns false if no uses are left
 */
export function* spendUse(credential: Credential): Rule<boolean> {
  if (credential.kind !== 'token' || credential.uses === null) return true
  return (yield* run(takeUse(credential.id))) === 1
}
