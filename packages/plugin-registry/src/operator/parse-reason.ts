import {failure} from '@apkg/command-kit'
import {noteProblem} from '@apkg/wire'

/** @throws {ApkgError} `USAGE` for a reason that is blank, too long, or not one line */
export function parseReason(text: string): string {
  const problem = noteProblem(text)
  if (problem !== undefined) throw failure('USAGE', {message: problem})
  return text
}
