import stringWidth from 'fast-string-width'

const gap = '  '

/**
 * Rows of printable cells: on a terminal under titles and aligned; anywhere else a line a row, its fields separated by
 * tabs, and no titles.
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  {isTerminal}: {isTerminal: boolean},
): string {
  if (!isTerminal) return rows.map((row) => `${row.join('\t')}\n`).join('')
  if (rows.length === 0) return ''
  const all = [titles, ...rows]
  const widths = titles.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ''))))
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell))
  return all.map((row) => `${row.map(padded).join(gap).trimEnd()}\n`).join('')
}
