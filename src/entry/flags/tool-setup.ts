import {failure} from '@apkg/command-kit'
import {knownTools} from '@apkg/package-format'
import {Flags} from '@oclif/core'

import type {ToolSelection} from '../../tools/choose-tools.js'
import type {Tool} from '../../tools/tool.js'

/** The flag that names tools to set up. */
export const setupFlag = {
  setup: Flags.string({
    summary: 'Set up this tool, whether it is detected or not; `all` for those that are. Can be given several times.',
    description: `A tool is ${knownTools.join(', ')}, or one that a plugin adds.`,
    helpValue: '<tool>',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

/** The flags that say which tools are set up, for commands that change what is installed. */
export const toolSetupFlags = {
  ...setupFlag,
  'no-setup': Flags.boolean({summary: 'Set up no tool.', exclusive: ['setup']}),
}

/**
 * @param more tools of plugins.
 * @throws {ApkgError} `USAGE` for a tool that nobody knows.
 */
export function toolSelection(
  {setup: tools, 'no-setup': none = false}: {setup?: string[] | undefined; 'no-setup'?: boolean | undefined},
  more: readonly Pick<Tool, 'name'>[],
): ToolSelection {
  const known = ['all', ...knownTools, ...more.map(({name}) => name)]
  const unknown = tools?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw failure('USAGE', {
      message: `Expected --setup=${unknown} to be one of: ${known.join(', ')}`,
      mistyped: {word: unknown, known},
    })
  }
  return {tools, none}
}
