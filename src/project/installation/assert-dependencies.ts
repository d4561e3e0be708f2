import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {Project} from '../read-project.js'

/** @throws {ApkgError} `NOT_A_DEPENDENCY` for the first name that is not a direct dependency of the project. */
export function assertDependencies(
  names: readonly string[],
  {manifest: {dependencies}}: Pick<Project, 'manifest'>,
): void {
  const unknown = names.find((name) => !Object.hasOwn(dependencies, name))
  if (unknown === undefined) return
  throw failure('NOT_A_DEPENDENCY', {name: printable(unknown), known: Object.keys(dependencies)})
}
