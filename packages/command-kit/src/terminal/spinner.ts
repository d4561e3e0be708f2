import type {Output} from '../ports/ports.js'
import {statusLineOf} from './status-line.js'

/** How long an answer may take before a spinner says what is awaited, in milliseconds. */
const timeout = 400

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Shows on a terminal what is awaited, once it takes long, and leaves no trace. Of several answers the one that is
 * awaited longest is named. Nothing is shown anywhere else.
 */
export function spinnerWhileWaiting(output: Output) {
  const line = statusLineOf(output)
  const awaited = new Set<{purpose: string}>()
  let frame = 0
  let turning: NodeJS.Timeout | undefined
  const draw = () => {
    const [oldest] = awaited
    if (oldest) line.draw('spinner', `${frames[frame++ % frames.length] ?? ''} Waiting to ${oldest.purpose} …`)
  }
  return async <Answer>(purpose: string, answer: Promise<Answer>): Promise<Answer> => {
    if (!output.isTerminal) return answer
    const waiting = {purpose}
    const start = setTimeout(() => {
      awaited.add(waiting)
      turning ??= setInterval(draw, 80)
      if (awaited.size === 1) draw()
    }, timeout)
    try {
      return await answer
    } finally {
      clearTimeout(start)
      awaited.delete(waiting)
      if (awaited.size === 0) {
        clearInterval(turning)
        turning = undefined
        frame = 0
        await line.clear('spinner')
      }
    }
  }
}
