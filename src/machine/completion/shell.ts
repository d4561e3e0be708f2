import {bashScript} from './scripts/bash.js'
import {fishScript} from './scripts/fish.js'
import {powershellScript} from './scripts/powershell.js'
import {zshScript} from './scripts/zsh.js'

const scripts: Readonly<Record<string, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
}

export const shells = Object.keys(scripts)

/**
 * What makes a shell complete `apkg`. Every script asks `apkg complete -- <words>` when Tab is pressed, so that it need
 * not be made anew when commands or plugins come and go.
 *
 * @param shell one of `shells`.
 */
export function completionScript(shell: string): string {
  return scripts[shell] ?? ''
}
