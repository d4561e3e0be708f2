import {printable} from '@apkg/command-kit'
import type {Manifest} from '@apkg/package-format'
import type {FileToPack} from '@apkg/package-format/archive'
import {DefinitionProblem, findDefinitions, isSetUpType, type Definition} from '@apkg/package-format/conversion'

import {failure} from '../failures.js'

/**
 * Returns the definitions of a package: at least one for a type that tools read, none for others.
 *
 * @param files those that are packed.
 * @throws {ApkgError} `DEFINITION_MISSING`, `DEFINITION_INVALID`.
 */
export function definitionsOf({type}: Pick<Manifest, 'type'>, files: readonly FileToPack[]): Definition[] {
  if (!isSetUpType(type)) return []
  try {
    return findDefinitions(type, files)
  } catch (error) {
    if (!(error instanceof DefinitionProblem)) throw error
    const {message, path, line} = error
    if (path === undefined) throw failure('DEFINITION_MISSING', {reason: message}, {cause: error})
    throw failure('DEFINITION_INVALID', {reason: printable(message), path: printable(path), line}, {cause: error})
  }
}
