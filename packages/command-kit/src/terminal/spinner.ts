import type {Output} from './screen.js'
import {statusLineOf} from './status-line.js'

/** Milliseconds before a spinner or a progress bar appears. */
export const statusDelay = 300

const unicodeFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const asciiFrames = ['|', '/', '-', '\\']

/**
 * Shows a spinner on a terminal while waiting for a response, and clears it afterwards. If several requests are
 * pending, it shows the purpose of the oldest.
 */
export function spinnerWhileWaiting(output: Output) {
  const line = statusLineOf(output)
  const frames = output.isAscii ? asciiFrames : unicodeFrames
  const pending = new Set<{purpose: string}>()
  let frame = 0
  let animation: NodeJS.Timeout | undefined
  const draw = () => {
    const [oldest] = pending
    if (oldest)
      line.draw('spinner', `${frames[frame++ % frames.length] ?? ''} Waiting for the registry (${oldest.purpose}) …`)
  }
  return async <Response>(purpose: string, response: Promise<Response>): Promise<Response> => {
    if (!output.isTerminal) return response
    const request = {purpose}
    const start = setTimeout(() => {
      pending.add(request)
      animation ??= setInterval(draw, 80)
      if (pending.size === 1) draw()
    }, statusDelay)
    try {
      return await response
    } finally {
      clearTimeout(start)
      pending.delete(request)
      if (pending.size === 0) {
        clearInterval(animation)
        animation = undefined
        frame = 0
        await line.clear('spinner')
      }
    }
  }
}
