import {printable} from '@apkg/command-kit'
import type {Manifest} from '@apkg/package-format'
import type {FileToPack} from '@apkg/package-format/archive'
import {DefinitionProblem, findDefinitions, isSetUpType, type Definition} from '@apkg/package-format/conversion'

import {failure} from '../failures.js'

/**
 * Asserts that a package of a type that tools read has a definition that they can read.
 *
 * @param files those that are packed.
 * @returns its definitions; none for a type that no tool reads.
 * @throws {ApkgError} `DEFINITION_MISSING`, `DEFINITION_INVALID`.
 */
export function assertDefined({type}: Pick<Manifest, 'type'>, files: readonly FileToPack[]): Definition[] {
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
