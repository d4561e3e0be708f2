import type {Output} from './screen.js'
import {statusLineOf} from './status-line.js'

export interface Progress {
  advance(): void
  /** Clears the progress bar. */
  end(): Promise<void>
}

/** Milliseconds. */
const redrawInterval = 85

/** Columns, without the title and the count. */
const maxBarWidth = 30

/**
 * Shows a progress bar on the last line of a terminal. If the output isn't a terminal, it shows nothing.
 *
 * @param total how many times the bar will advance; at least 1
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
      }, redrawInterval)
    },
    async end() {
      clearTimeout(next)
      await line.clear('progress')
    },
  }
}

/** Returns `Installing ━━━━━━────── 12/30`, truncated to one line, because a longer bar couldn't be cleared. */
function bar(title: string, done: number, total: number, columns: number): string {
  const count = `${String(done).padStart(String(total).length)}/${total}`
  const width = Math.min(maxBarWidth, columns - title.length - count.length - 3)
  if (width < 4) return `${title} ${count}`.slice(0, Math.max(0, columns - 1))
  const filled = Math.min(width, Math.floor((width * done) / total))
  return `${title} ${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${count}`
}
