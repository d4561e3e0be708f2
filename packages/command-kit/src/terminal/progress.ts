import {byteSize} from './byte-size.js'
import type {Output} from './screen.js'
import {statusDelay} from './spinner.js'
import {statusLineOf} from './status-line.js'

export interface Progress {
  /** One more step is done. */
  advance(): void
  /** Also shows a number of bytes and their rate. @param bytes that were transferred since the last call */
  transfer(bytes: number): void
  /** Clears the progress bar. */
  end(): Promise<void>
}

export interface ByteProgress {
  /** @param bytes that were processed since the last call */
  advance(bytes: number): void
  /** Clears the progress bar. */
  end(): Promise<void>
}

/** Milliseconds. */
const redrawInterval = 85

/** Columns, without the title and the count. */
const maxBarWidth = 30

/**
 * Shows a progress bar on the last line of a terminal if the work takes a while. If the output isn't a terminal, it shows nothing.
 *
 * @param total how many times the bar will advance; at least 1
 */
export function progressOn(output: Output, {title, total}: {title: string; total: number}): Progress {
  let done = 0
  let bytes = 0
  const rate = startRate()
  const line = drawRepeatedly(output, () => {
    const count = `${String(done).padStart(String(total).length)}/${total}`
    const transferred = bytes === 0 ? '' : `  ${byteSize(bytes)}  ${rate(bytes)}`
    return bar(title, done / total, count + transferred, output.columns)
  })
  return {
    advance() {
      done++
      line.update()
    },
    transfer(more) {
      bytes += more
      line.update()
    },
    end: () => line.end(),
  }
}

/**
 * Like `progressOn`, for work that is measured in bytes. Shows their rate, too.
 *
 * @param total in bytes, at least 1. Without it, the bytes are shown without a bar.
 */
export function byteProgressOn(output: Output, {title, total}: {title: string; total?: number}): ByteProgress {
  let done = 0
  const rate = startRate()
  const line = drawRepeatedly(output, () => {
    if (total === undefined) return `${title} ${byteSize(done)}  ${rate(done)}`.slice(0, output.columns - 1)
    const [processed = ''] = byteSize(done, total).split(' ')
    const all = byteSize(total)
    const count = `${processed.padStart(all.indexOf(' '))}/${all}`
    return bar(title, done / total, `${count}  ${rate(done)}`, output.columns)
  })
  return {
    advance(bytes) {
      done += bytes
      line.update()
    },
    end: () => line.end(),
  }
}

/** Draws a line after a delay, and again after each update, but not too often. */
function drawRepeatedly(output: Output, text: () => string): {update: () => void; end: () => Promise<void>} {
  if (!output.isTerminal) return {update: () => undefined, end: () => Promise.resolve()}
  const line = statusLineOf(output)
  const draw = () => {
    next = undefined
    line.draw('progress', text())
  }
  let next: NodeJS.Timeout | undefined = setTimeout(draw, statusDelay)
  let hasEnded = false
  return {
    update() {
      if (!hasEnded) next ??= setTimeout(draw, redrawInterval)
    },
    async end() {
      hasEnded = true
      clearTimeout(next)
      await line.clear('progress')
    },
  }
}

/** Returns a function that formats the average rate since now. */
function startRate(): (bytes: number) => string {
  const start = performance.now()
  return (bytes) => `${byteSize(Math.round((bytes * 1000) / Math.max(1, performance.now() - start)))}/s`
}

/** Returns `Installing ━━━━━━────── 12/30`, truncated to one line, because a longer bar couldn't be cleared. */
function bar(title: string, share: number, count: string, columns: number): string {
  const width = Math.min(maxBarWidth, columns - title.length - count.length - 3)
  if (width < 4) return `${title} ${count}`.slice(0, Math.max(0, columns - 1))
  const filled = Math.min(width, Math.floor(width * share))
  return `${title} ${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${count}`
}
