import {failure} from '@apkg/command-kit'
import {knownTools, toolNamed} from '@apkg/package-format'
import {Flags} from '@oclif/core'

import type {ToolSelection} from '../../tools/choose-tools.js'
import {sharedTool} from '../../tools/tool-traits.js'
import type {Tool} from '../../tools/tool.js'

export const setupFlag = {
  setup: Flags.string({
    summary: "Set up this tool even if it isn't detected, or `all` for the default tools. Repeatable.",
    description: `Known tools include ${knownTools.slice(0, 3).join(', ')}, and those that plugins add. \`${sharedTool.name}\` is ${sharedTool.title}, which many tools read.`,
    helpValue: '<tool>',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

/** Without it, terminals show a summary. */
export const verboseFlag = {
  verbose: Flags.boolean({summary: 'List every file that is written or removed, even on a terminal.'}),
}

/** The tool setup flags of commands that install packages. */
export const toolSetupFlags = {
  ...setupFlag,
  ...verboseFlag,
  'no-setup': Flags.boolean({summary: "Don't set up any tools.", exclusive: ['setup']}),
}

/**
 * @param more tools of plugins.
 * @throws {ApkgError} `USAGE` for an unknown tool.
 */
export function toolSelection(
  {setup: tools, 'no-setup': none = false}: {setup?: string[] | undefined; 'no-setup'?: boolean | undefined},
  more: readonly Pick<Tool, 'name'>[],
): ToolSelection {
  const known = ['all', ...knownTools, sharedTool.name, ...more.map(({name}) => name)]
  const unknown = tools?.find((name) => !known.includes(name) && toolNamed(name) === undefined)
  if (unknown !== undefined) {
    throw failure('USAGE', {
      message: `--setup: \`${unknown}\` is not one of ${known.join(', ')}`,
      mistyped: {word: unknown, known},
    })
  }
  return {tools, none}
}
