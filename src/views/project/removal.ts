import {printable, success} from '@apkg/command-kit'

import type {RemoveReport} from '../../project/installation/remove-packages.js'

/** Summarizes a removal. */
export function removalNotes({dependencies, unlinked}: Pick<RemoveReport, 'dependencies' | 'unlinked'>): string {
  return [
    ...dependencies.map((name) => success(`Removed ${name} from dependencies`)),
    ...unlinked.map((name) => `Unlinked ${name} (the linked directory was not changed)`),
  ].join('\n')
}

/** The deleted directories, a line each. */
export function deletedFolders({removed}: Pick<RemoveReport, 'removed'>): string {
  return removed.map(({location}) => `Deleted: ${printable(location)}\n`).join('')
}
