import {isCompatibleKit, kitVersion} from '@apkg/command-kit'
import type {Command} from '@oclif/core'

import {warnOf} from './trouble.js'

/** Warns of a plugin's command that was built on a version of the kit which this apkg need not understand. */
export async function warnOfKit(command: Command.Class): Promise<void> {
  const {plugin} = command
  if (!plugin || !('kitVersion' in command)) return
  const builtOn = String(command.kitVersion)
  if (isCompatibleKit(builtOn)) return
  const trouble = `is built on @apkg/command-kit ${builtOn}, and this apkg on ${kitVersion}: it may not work`
  await warnOf(plugin, trouble)
}
