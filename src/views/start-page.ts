import {paint, type Output} from '@apkg/command-kit'

import type {CommandGroup} from '../start/command-groups.js'
import type {Step} from '../start/next-steps.js'
import {wrap} from './wrap.js'

export interface StartPage {
  version: string
  next: Step[]
  groups: CommandGroup[]
}

/** Where to begin, and everything that there is, within a small terminal. */
export function startPageText(
  {version, next, groups}: StartPage,
  output: Pick<Output, 'columns' | 'hasColours'>,
): string {
  const lines = next.map(({command, purpose}) => ({line: `apkg ${command}`, purpose}))
  const lineWidth = widest(lines.map(({line}) => line))
  const titleWidth = widest(groups.map(({title}) => title))
  const indent = ' '.repeat(titleWidth + 4)
  const width = Math.min(output.columns, 100) - indent.length
  return [
    `apkg ${version}, the package manager for AI tooling`,
    '',
    'Next:',
    ...lines.map(({line, purpose}) => `  ${paint(output, 'cyan', line.padEnd(lineWidth))}  ${purpose}`),
    '',
    'Commands:',
    ...groups.map(({title, commands}) => {
      const wrapped = wrap(commands.join(', '), width).join(`\n${indent}`)
      return `  ${title.padEnd(titleWidth)}  ${wrapped}`
    }),
    '',
    '`apkg help <command>` tells of one, `apkg --help` has a line for each.',
    '',
  ].join('\n')
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({length}) => length))
}
