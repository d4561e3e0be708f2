import {printable} from '@apkg/command-kit'

import type {Completion} from '../../machine/completion/complete.js'

/** How much of a description is shown: shells put it beside the word. */
const longestDescription = 80

/**
 * What a completion script reads: a line a word, with a tab and what it means behind it. A last line without a word says
 * that names of files fit too.
 */
export function candidateLines({candidates, files}: Completion): string {
  const lines = candidates.map(({value, description}) => `${printable(value)}\t${shortened(printable(description))}`)
  return [...lines, ...(files ? ['\tfiles'] : [])].join('\n')
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length <= longestDescription ? text : `${characters.slice(0, longestDescription - 1).join('')}…`
}
