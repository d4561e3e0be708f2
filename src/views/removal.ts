import {printable} from '@apkg/command-kit'

import type {RemoveReport} from '../installation/remove-packages.js'

/** What is said of a removal beside its result. */
export function removalNotes({dependencies}: Pick<RemoveReport, 'dependencies'>): string {
  return dependencies.map((name) => `Removed ${name} from dependencies`).join('\n')
}

/** The folders that are gone, a line each. */
export function deletedFolders({removed}: Pick<RemoveReport, 'removed'>): string {
  return removed.map(({location}) => `Deleted: ${printable(location)}\n`).join('')
}
