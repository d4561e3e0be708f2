import {printable} from '@apkg/command-kit'

import type {CompletionSetUp, SetUpPlan} from '../../machine/completion/set-up.js'

export function setUpQuestion({shell, script, file}: SetUpPlan): string {
  const place = printable(script ?? '')
  return file === null
    ? `Write the completion for ${shell} to ${place}?`
    : `Write the completion for ${shell} to ${place}, and a line that loads it to ${printable(file)}?`
}

export function setUpNote({shell, status, script, file, line}: CompletionSetUp): string {
  const place = printable(script ?? '')
  switch (status) {
    case 'added':
      return `${shell} completes apkg from the next terminal on.\nScript: ${place}${file === null ? '' : `\nLoaded by: ${printable(file)}`}`
    case 'renewed':
      return `Renewed ${place}`
    case 'present':
      return `${shell} completes apkg already: ${place}`
    case 'manual': {
      const where = shell === 'powershell' ? '$PROFILE' : printable(file ?? 'the file that fish reads when it starts')
      return `Nothing was changed. To let ${shell} complete apkg, put this line into ${where}:\n${line}`
    }
  }
}
