import {bashScript} from './scripts/bash.js'
import {fishScript} from './scripts/fish.js'
import {powershellScript} from './scripts/powershell.js'
import {zshScript} from './scripts/zsh.js'

/** A shell that apkg completes in. */
export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell'

const scripts: Readonly<Record<Shell, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
}

export const shells = Object.keys(scripts) as readonly Shell[]

/**
 * What makes a shell complete `apkg`. Every script asks `apkg complete -- <words>` when Tab is pressed, so that it need
 * not be made anew when commands or plugins come and go.
 */
export function completionScript(shell: Shell): string {
  return scripts[shell]
}
