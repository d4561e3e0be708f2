import {printable, success} from '@apkg/command-kit'

import type {PathAddition} from '../../machine/shell-path/add-to-path.js'

export function pathAdditionNote(addition: PathAddition): string {
  const link = printable(addition.link)
  const linked = success(`Linked ${link} → ${printable(addition.program)}`)
  const file = printable(addition.file ?? '')
  switch (addition.status) {
    case 'on-path':
      return `apkg is already on your PATH: ${link}`
    case 'present':
      return `${linked}\nPATH entry already exists in ${file}`
    case 'added':
      return `${linked}\nAdded a PATH entry to ${file}\nOpen a new terminal, or run: ${addition.line}`
    case 'manual':
      return `${linked}\nAdd this line to your shell's startup file: ${addition.line}`
  }
}
