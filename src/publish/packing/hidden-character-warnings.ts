import {isUtf8} from 'node:buffer'

import {printable} from '@apkg/command-kit'
import type {FileToPack} from '@apkg/package-format/archive'

/** Files that tools give to a model, or that describe the package. */
const readByModels = /\.(?:md|mdc|markdown|txt|toml|ya?ml|json)$/i

/** More than anyone looks up. */
const maxShown = 5

/**
 * Warnings about text that people who review a package don't see but models read, one for each file. Invisible characters
 * can carry instructions.
 */
export async function hiddenCharacterWarnings(
  files: readonly Pick<FileToPack, 'path' | 'content'>[],
): Promise<string[]> {
  const {findHiddenCharacters} = await import('@apkg/package-format/conversion')
  return files
    .filter(({path, content}) => readByModels.test(path) && isUtf8(content))
    .flatMap(({path, content}) => {
      const found = findHiddenCharacters(Buffer.from(content).toString('utf8'))
      if (found.length === 0) return []
      const shown = found.slice(0, maxShown).map(({line, column, code}) => `${code} at line ${line}, column ${column}`)
      const more = found.length > maxShown ? '; and more' : ''
      return [`${printable(path)} contains hidden characters: ${shown.join('; ')}${more}.`]
    })
}
