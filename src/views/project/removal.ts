import {printable} from '@apkg/command-kit'

import type {RemoveReport} from '../../project/installation/remove-packages.js'

/** What is said of a removal beside its result. */
export function removalNotes({dependencies, unlinked}: Pick<RemoveReport, 'dependencies' | 'unlinked'>): string {
  return [
    ...dependencies.map((name) => `Removed ${name} from dependencies`),
    ...unlinked.map((name) => `Unlinked ${name}; the folder that it was linked to is as it was`),
  ].join('\n')
}

/** The folders that are gone, a line each. */
export function deletedFolders({removed}: Pick<RemoveReport, 'removed'>): string {
  return removed.map(({location}) => `Deleted: ${printable(location)}\n`).join('')
}
