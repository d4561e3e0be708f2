import {printable} from '@apkg/command-kit'
import type {FileToPack} from '@apkg/package-format/archive'

/** More than anyone looks up. */
const maxShown = 5

/**
 * Warnings about text that people who review a package don't see but models read, one for each file. Invisible characters
 * can carry instructions.
 */
export async function hiddenCharacterWarnings(files: readonly FileToPack[]): Promise<string[]> {
  const {findHiddenCharacters, plainTextOf} = await import('@apkg/package-format/conversion')
  return files.flatMap((file) => {
    const {path} = file
    const found = findHiddenCharacters(plainTextOf(file) ?? '')
    if (found.length === 0) return []
    const shown = found.slice(0, maxShown).map(({line, column, code}) => `${code} at line ${line}, column ${column}`)
    const more = found.length > maxShown ? '; and more' : ''
    return [`${printable(path)} contains hidden characters: ${shown.join('; ')}${more}.`]
  })
}
