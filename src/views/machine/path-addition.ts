import {printable} from '@apkg/command-kit'

import type {PathAddition} from '../../machine/shell-path/add-to-path.js'

export function pathAdditionNote(addition: PathAddition): string {
  const link = printable(addition.link)
  const linked = `Linked ${link} -> ${printable(addition.program)}`
  const file = printable(addition.file ?? '')
  switch (addition.status) {
    case 'on-path':
      return `apkg is on your PATH already: ${link}`
    case 'present':
      return `${linked}\nPATH entry already present in ${file}`
    case 'added':
      return `${linked}\nAdded PATH entry to ${file}\nOpen a new terminal, or run: ${addition.line}`
    case 'manual':
      return `${linked}\nPut this line into the file that your shell reads when it starts: ${addition.line}`
  }
}
