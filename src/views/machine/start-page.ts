import {paint, type Output} from '@apkg/command-kit'

import type {CommandGroup} from '../../machine/start/command-groups.js'
import type {Step} from '../../machine/start/next-steps.js'
import {hanging} from '@apkg/command-kit/wrap'

/** The next steps, and all commands grouped by purpose. */
export interface StartPage {
  /** The version of apkg. */
  version: string
  /** Suggested commands. */
  next: Step[]
  /** All commands, grouped by purpose. */
  groups: CommandGroup[]
}

/** Fits on a small terminal. */
export function startPageText(
  {version, next, groups}: StartPage,
  output: Pick<Output, 'columns' | 'hasColors'>,
): string {
  const lines = next.map(({command, purpose}) => ({line: `apkg ${command}`, purpose}))
  const lineWidth = widest(lines.map(({line}) => line))
  const titleWidth = widest(groups.map(({title}) => title))
  const width = Math.min(output.columns, 100)
  return [
    `apkg ${version}, the package manager for AI tooling`,
    '',
    'Next steps:',
    ...lines.map(
      ({line, purpose}) =>
        `  ${paint(output, 'cyan', line.padEnd(lineWidth))}  ${hanging(purpose, lineWidth + 4, width)}`,
    ),
    '',
    'Commands:',
    ...groups.map(
      ({title, commands}) => `  ${title.padEnd(titleWidth)}  ${hanging(commands.join(', '), titleWidth + 4, width)}`,
    ),
    '',
    hanging('Run `apkg help <command>` for details, or `apkg --help` for a description of each command.', 0, width),
    '',
  ].join('\n')
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({length}) => length))
}
