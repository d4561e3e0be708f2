import stringWidth from 'fast-string-width'

import type {Screen} from './screen.js'

const gap = '  '

/**
 * Formats rows as a table: aligned and with titles on a terminal; otherwise one line per row, separated by tabs and
 * without titles.
 *
 * @param rows cells that are safe to print
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  {isTerminal}: Pick<Screen, 'isTerminal'>,
): string {
  if (!isTerminal) return rows.map((row) => `${row.join('\t')}\n`).join('')
  if (rows.length === 0) return ''
  const all = [titles, ...rows]
  const widths = titles.map((_, column) => all.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), 0))
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))
  return all.map((row) => `${row.map(padded).join(gap).trimEnd()}\n`).join('')
}

/** Like `table`, but on a terminal that is too narrow, each row becomes a block of lines. Nothing is truncated. */
export function tableOrBlocks(titles: readonly string[], rows: readonly (readonly string[])[], screen: Screen): string {
  const text = table(titles, rows, screen)
  if (!screen.isTerminal || text.split('\n').every((line) => widthOf(line) <= screen.columns)) return text
  const labelWidth = Math.max(...titles.map(({length}) => length))
  const labels = titles.map((title) => title.toLowerCase().padEnd(labelWidth))
  const block = ([first = '', ...rest]: readonly string[]) =>
    [first, ...rest.map((cell, index) => `  ${labels[index + 1] ?? ''}  ${cell}`), ''].join('\n')
  return rows.map(block).join('\n')
}

const ascii = /^[\x20-\x7E]*$/

/** In columns. For ASCII, it doesn't load the package, whose regular expressions take longer to compile than most tables. */
function widthOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text)
}
