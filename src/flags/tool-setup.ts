import {knownTools} from '@apkg/package-format'
import {Flags} from '@oclif/core'

import type {SetupWish} from '../tool-setup/choose-tools.js'

/** The flag that names tools to set up. */
export const setupFlag = {
  setup: Flags.option({
    summary: 'Set up this tool, whether it is detected or not; `all` for those that are. Can be given several times.',
    options: ['all', ...knownTools] as const,
    multiple: true,
    multipleNonGreedy: true,
  })(),
}

/** The flags that say which tools are set up, for commands that change what is installed. */
export const toolSetupFlags = {
  ...setupFlag,
  'no-setup': Flags.boolean({summary: 'Set up no tool.', exclusive: ['setup']}),
}

export function setupWish(flags: {setup?: SetupWish['tools']; 'no-setup'?: boolean | undefined}): SetupWish {
  return {tools: flags.setup, none: flags['no-setup'] ?? false}
}
