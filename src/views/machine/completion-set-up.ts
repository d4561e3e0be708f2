import {printable, success} from '@apkg/command-kit'

import type {CompletionSetUp, SetUpPlan} from '../../machine/completion/set-up.js'

export function setUpQuestion({shell, script, file}: SetUpPlan): string {
  const place = printable(script ?? '')
  return file === null
    ? `Write the ${shell} completion script to ${place}?`
    : `Write the ${shell} completion script to ${place}, and load it from ${printable(file)}?`
}

export function setUpNote({shell, status, script, file, line}: CompletionSetUp): string {
  const place = printable(script ?? '')
  switch (status) {
    case 'added':
      return success(
        `Set up completion for ${shell}. Open a new terminal to use it.\nScript: ${place}${file === null ? '' : `\nLoaded by: ${printable(file)}`}`,
      )
    case 'updated':
      return success(`Updated ${place}`)
    case 'present':
      return `Completion for ${shell} is already set up: ${place}`
    case 'manual': {
      const where = shell === 'powershell' ? '$PROFILE' : printable(file ?? "fish's startup file")
      return `Nothing was changed. To set up completion for ${shell}, add this line to ${where}:\n${line}`
    }
  }
}
