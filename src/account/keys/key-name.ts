import {hasUnprintable} from '@apkg/wire'

import {failure} from '../failures.js'

/** In Unicode code points; the registry's limit. */
const maxNameLength = 100

/** Why a text is not a valid key name; undefined if it is valid. */
export function keyNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'must not be empty'
  if ([...name].length > maxNameLength) return `must be at most ${maxNameLength} characters long`
  if (hasUnprintable(name)) return 'must not contain control or invisible characters'
  return undefined
}

/** @throws {ApkgError} `KEY_NAME_INVALID`. */
export function assertKeyName(name: string): void {
  const reason = keyNameProblem(name)
  if (reason !== undefined) throw failure('KEY_NAME_INVALID', {reason})
}
