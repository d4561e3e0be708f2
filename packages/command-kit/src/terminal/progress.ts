import type {Output} from '../ports/ports.js'
import {statusLineOf} from './status-line.js'

/** How far something has come. */
export interface Progress {
  advance(): void
  /** Resolves when nothing of it is left on the terminal. */
  end(): Promise<void>
}

/** The shortest time between two drawings, in milliseconds. */
const pace = 85

/** Columns of the bar itself, where there is room for it. */
const widest = 30

/**
 * Shows a bar on the last line of a terminal, until it ends. Off a terminal nothing is shown.
 *
 * @param total how many times it will advance; more than none.
 */
export function progressOn(output: Output, {title, total}: {title: string; total: number}): Progress {
  if (!output.isTerminal) return {advance: () => undefined, end: () => Promise.resolve()}
  const line = statusLineOf(output)
  let done = 0
  let next: NodeJS.Timeout | undefined
  const draw = () => {
    line.draw('progress', bar(title, done, total, output.columns))
  }
  draw()
  return {
    advance() {
      done++
      next ??= setTimeout(() => {
        next = undefined
        draw()
      }, pace)
    },
    async end() {
      clearTimeout(next)
      await line.clear('progress')
    },
  }
}

/** `Installing ━━━━━━────── 12/30`, cut to what fits on one line: a longer one could not be wiped away again. */
function bar(title: string, done: number, total: number, columns: number): string {
  const count = `${String(done).padStart(String(total).length)}/${total}`
  const width = Math.min(widest, columns - title.length - count.length - 3)
  if (width < 4) return `${title} ${count}`.slice(0, Math.max(0, columns - 1))
  const filled = Math.min(width, Math.floor((width * done) / total))
  return `${title} ${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${count}`
}
