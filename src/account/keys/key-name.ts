import {unprintable} from '@apkg/wire'

import {failure} from '../failures.js'

/** In Unicode code points: what a registry takes. */
const longestName = 100

/** Why a text cannot be the name of a signing key, or undefined where it can. */
export function keyNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'must not be empty'
  if ([...name].length > longestName) return `must be at most ${longestName} characters long`
  if (unprintable.test(name)) return 'must not contain control characters'
  return undefined
}

/** @throws {ApkgError} `KEY_NAME_INVALID`. */
export function assertKeyName(name: string): void {
  const reason = keyNameProblem(name)
  if (reason !== undefined) throw failure('KEY_NAME_INVALID', {reason})
}
