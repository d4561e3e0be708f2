import {printable} from '@apkg/command-kit'
import {isSetUpType} from '@apkg/package-format/conversion'

import type {SkippedFile} from '../../publish/packing/collect-files.js'

/**
 * What may surprise the author of a package, one sentence each.
 *
 * @param type of the package.
 */
export function packNotes(type: string, skipped: readonly SkippedFile[]): string[] {
  const configuration = skipped.filter(({reason}) => reason === 'tool-configuration')
  const notes: string[] = []
  if (configuration.length > 0) {
    notes.push(`Skipped tool configuration: ${configuration.map(({path}) => printable(path)).join(', ')}`)
  }
  if (!isSetUpType(type) && type !== 'project') {
    notes.push(`No tool reads packages of type ${printable(type)}: they are installed, but not set up`)
  }
  return notes
}

const reasons: Readonly<Record<SkippedFile['reason'], string>> = {
  secret: 'may contain secrets',
  'tool-configuration': 'configures a tool',
  git: 'ignored by git',
  'created-by-apkg': 'created by apkg',
}

/** The skipped files, one per line. */
export function skippedLines(skipped: readonly SkippedFile[]): string {
  return skipped.map(({path, reason}) => `Skipped: ${printable(path)} (${reasons[reason]})\n`).join('')
}
