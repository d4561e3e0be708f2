import type {Output} from './screen.js'

/**
 * Moves the cursor of a terminal to the start of a line, after another program may have written a line without a newline.
 * The position of the cursor isn't known: a line of spaces that is one shorter than the terminal wraps only if something
 * precedes it.
 */
export async function startFreshLine({
  isTerminal,
  isDumb,
  columns,
  write,
}: Pick<Output, 'isTerminal' | 'isDumb' | 'columns' | 'write'>): Promise<void> {
  if (!isTerminal || isDumb || columns === 0) return
  await write(`${' '.repeat(columns - 1)}\r\u001B[K`).catch(() => undefined)
}
