import {printable} from '@apkg/command-kit'

import type {Completion} from '../../machine/completion/complete.js'

/** In characters. Shells show the description next to the word. */
const maxDescriptionLength = 80

/**
 * The input of completion scripts: one word per line, followed by a tab and its description. A last line without a word
 * means that file names are allowed too.
 */
export function candidateLines({candidates, files}: Completion): string {
  const lines = candidates.map(({value, description}) => `${printable(value)}\t${shortened(printable(description))}`)
  return [...lines, ...(files ? ['\tfiles'] : [])].join('\n')
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length <= maxDescriptionLength ? text : `${characters.slice(0, maxDescriptionLength - 1).join('')}…`
}
