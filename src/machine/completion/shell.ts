import {bashScript} from './scripts/bash.js'
import {fishScript} from './scripts/fish.js'
import {powershellScript} from './scripts/powershell.js'
import {zshScript} from './scripts/zsh.js'

/** A supported shell. */
export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell'

const scripts: Readonly<Record<Shell, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
}

export const shells = Object.keys(scripts) as readonly Shell[]

/**
 * The script that completes `apkg`. It runs `apkg complete -- <words>` when the user presses Tab, so it doesn't depend on
 * the commands and plugins that are installed.
 */
export function completionScript(shell: Shell): string {
  return scripts[shell]
}
