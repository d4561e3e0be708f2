import stringWidth from 'fast-string-width'

import type {Screen} from './screen.js'

const gap = '  '

/**
 * Rows of printable cells: on a terminal under titles and aligned; anywhere else a line a row, its fields separated by
 * tabs, and no titles.
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  {isTerminal}: Pick<Screen, 'isTerminal'>,
): string {
  if (!isTerminal) return rows.map((row) => `${row.join('\t')}\n`).join('')
  if (rows.length === 0) return ''
  const all = [titles, ...rows]
  const widths = titles.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ''))))
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell))
  return all.map((row) => `${row.map(padded).join(gap).trimEnd()}\n`).join('')
}

/** A table, or on a terminal that it does not fit a block a row, under its first cell: nothing is ever cut. */
export function tableOrBlocks(titles: readonly string[], rows: readonly (readonly string[])[], screen: Screen): string {
  const text = table(titles, rows, screen)
  const fits = text.split('\n').every((line) => stringWidth(line) <= screen.columns)
  if (!screen.isTerminal || fits) return text
  const widest = Math.max(...titles.map(({length}) => length))
  const labels = titles.map((title) => title.toLowerCase().padEnd(widest))
  const block = ([first = '', ...rest]: readonly string[]) =>
    [first, ...rest.map((cell, index) => `  ${labels[index + 1] ?? ''}  ${cell}`), ''].join('\n')
  return rows.map(block).join('\n')
}
