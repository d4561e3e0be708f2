import stringWidth from 'fast-string-width'

import {paint} from './color.js'
import {inAscii} from './glyphs.js'
import type {Screen} from './screen.js'
import {wrap} from './wrap.js'

const gap = '  '

/** A column with sentences is wrapped into this many characters before other columns are shortened or dropped. */
const minWrapped = 18

/** A column is dropped rather than shortened to fewer characters than this. */
const minShortened = 12

interface Column {
  title: string
  cells: string[]
  width: number
}

/**
 * Formats rows as a table: aligned and with titles on a terminal; otherwise one line per row, separated by tabs and
 * without titles. On a terminal that is too narrow, the columns in `least` are shortened or dropped, one after the other,
 * until the table fits. If it still doesn't, cells are wrapped by words. A last line says which columns were dropped.
 *
 * @param rows cells that are safe to print
 * @param least the titles of columns that readers can do without, the least important first
 * @param sentences the title of the column that is wrapped first
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  screen: Screen,
  least: readonly string[] = [],
  sentences?: string,
): string {
  if (!screen.isTerminal) return rows.map((row) => `${row.join('\t')}\n`).join('')
  if (rows.length === 0) return ''
  const shown = (cell = '') => (screen.isAscii ? inAscii(cell) : cell)
  const all = titles.map((title, index) =>
    columnOf(
      title,
      rows.map((row) => shown(row[index])),
    ),
  )
  const isWrapped = ({title}: Column) => title === sentences
  const narrowed = all.map((each) => (isWrapped(each) ? {...each, width: Math.min(each.width, minWrapped)} : each))
  const kept = fitted(narrowed, screen, least).map((each) => (isWrapped(each) ? (all.find(isWrapped) ?? each) : each))
  const columns = wrapped(kept, screen.columns ?? Infinity, sentences)
  const header = columns.map(({title, width}) =>
    paint({hasColors: screen.hasColors === true}, 'bold', padded(title, width)),
  )
  const lines = rows.flatMap((_, index) => rowLines(columns, index, screen))
  const text = [header, ...lines].map((line) => `${line.join(gap).trimEnd()}\n`).join('')
  return text + hiddenNote(titles, columns, screen)
}

/** Names the dropped columns, and how to see them. */
function hiddenNote(titles: readonly string[], columns: readonly Column[], screen: Screen): string {
  const hidden = titles.filter((title) => !columns.some((each) => each.title === title))
  if (hidden.length === 0) return ''
  const note = `${hidden.length} ${hidden.length === 1 ? 'column' : 'columns'} hidden (${hidden.join(', ')}); widen the terminal or use --json`
  const lines = wrap(note, screen.columns ?? Infinity)
  return lines.map((line) => `${paint({hasColors: screen.hasColors === true}, 'dim', line)}\n`).join('')
}

function columnOf(title: string, cells: string[]): Column {
  return {title, cells, width: cells.reduce((width, cell) => Math.max(width, widthOf(cell)), title.length)}
}

function totalWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, {width}) => sum + width + gap.length, -gap.length)
}

function fitted(
  columns: Column[],
  {columns: available = Infinity, isAscii}: Screen,
  least: readonly string[],
): Column[] {
  const [title, ...rest] = least
  const excess = totalWidth(columns) - available
  const column = columns.find((each) => each.title === title)
  if (excess <= 0 || title === undefined) return columns
  const width = (column?.width ?? 0) - excess
  const isShortened = width >= Math.max(minShortened, title.length)
  const others = isShortened
    ? columns.map((each) => (each === column ? shortenedTo(width, each, isAscii ? '...' : '…') : each))
    : columns.filter((each) => each !== column)
  return fitted(others, {isTerminal: true, columns: available, ...(isAscii && {isAscii})}, rest)
}

/** Cuts cells after a word, or within it if there is only one. */
function shortenedTo(width: number, {title, cells}: Column, ellipsis: string): Column {
  const shortened = cells.map((cell) => {
    if (widthOf(cell) <= width) return cell
    const characters = [...cell]
    while (widthOf(characters.join('')) > width - ellipsis.length) characters.pop()
    const cut = characters.join('')
    const end = cut.lastIndexOf(' ')
    return (end === -1 ? cut : cut.slice(0, end)) + ellipsis
  })
  return columnOf(title, shortened)
}

/** Narrows the column with sentences, or else the widest one, as far as its words allow. */
function wrapped(columns: Column[], available: number, sentences: string | undefined): Column[] {
  const excess = totalWidth(columns) - available
  if (excess <= 0) return columns
  const widest =
    columns.find(({title, width}) => title === sentences && width - excess >= minWrapped) ??
    columns.reduce((found, each) => (each.width > found.width ? each : found))
  const cells = widest.cells.map((cell) =>
    wrap(cell.replaceAll(',', ', ').replaceAll(',  ', ', '), widest.width - excess).join('\n'),
  )
  const lines = cells.flatMap((cell) => cell.split('\n'))
  const width = lines.reduce((longest, line) => Math.max(longest, widthOf(line)), widest.title.length)
  return columns.map((each) => (each === widest ? {title: each.title, cells, width} : each))
}

/** The lines of a row. IDs are dim. */
function rowLines(columns: readonly Column[], index: number, {hasColors = false}: Screen): string[][] {
  const cells = columns.map(({cells: all}) => (all[index] ?? '').split('\n'))
  const height = Math.max(...cells.map(({length}) => length))
  return Array.from({length: height}, (_, line) =>
    columns.map(({title, width}, column) => {
      const text = cells[column]?.[line] ?? ''
      const shown = title === 'ID' ? paint({hasColors}, 'dim', text) : text
      return padded(shown, width)
    }),
  )
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)))
}

const ascii = /^[\x20-\x7E]*$/

/**
 * In columns. For ASCII, it doesn't call `stringWidth`, whose regular expressions take longer to compile than most
 * tables take to format.
 */
function widthOf(text: string): number {
  const plain = text.includes('\u001B') ? text.replaceAll(/\u001B\[[\d;]*m/g, '') : text
  return ascii.test(plain) ? plain.length : stringWidth(plain)
}
