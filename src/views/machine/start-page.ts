import {paint, type Output} from '@apkg/command-kit'

import type {CommandGroup} from '../../machine/start/command-groups.js'
import type {Step} from '../../machine/start/next-steps.js'
import {hanging} from '../wrap.js'

/** What to do next, and the commands by purpose. */
export interface StartPage {
  /** The version of apkg. */
  version: string
  next: Step[]
  groups: CommandGroup[]
}

/** Where to begin, and everything that there is, within a small terminal. */
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
    'Next:',
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
    hanging('`apkg help <command>` tells of one, `apkg --help` has a line for each.', 0, width),
    '',
  ].join('\n')
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({length}) => length))
}
