import {isCompatibleKit, kitVersion} from '@apkg/command-kit'
import type {Command} from '@oclif/core'

import {warnAboutPlugin} from './plugin-warning.js'

/** Warns if a plugin's command was built with an incompatible version of the kit. */
export async function warnAboutKit(command: Command.Class): Promise<void> {
  const {plugin} = command
  if (!plugin || !('kitVersion' in command)) return
  const builtOn = String(command.kitVersion)
  if (isCompatibleKit(builtOn)) return
  const problem = `may not work: it was built with @apkg/command-kit ${builtOn}, but this apkg has ${kitVersion}`
  await warnAboutPlugin(plugin, problem)
}
