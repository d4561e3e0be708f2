import {printable} from '@apkg/command-kit'

import type {RegistryByScope} from '../../trust/routes.js'

/**
 * Says which registries are accepted for a project.
 *
 * @param before those that were accepted before.
 */
export function acceptedNote(
  {project, registries}: {project: string; registries: RegistryByScope},
  before: RegistryByScope,
): string {
  const entries = Object.entries(registries)
  if (entries.length > 0) {
    const lines = entries.map(([scope, registry]) => `  ${scope} from ${printable(registry)}`)
    return [`Accepted for ${printable(project)}:`, ...lines].join('\n')
  }
  return Object.keys(before).length > 0
    ? `No longer accepted for ${printable(project)}: ${Object.keys(before).join(', ')}`
    : `No registries were accepted for ${printable(project)}.`
}
