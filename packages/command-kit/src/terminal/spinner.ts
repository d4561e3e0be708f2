import type {Output} from '../ports/ports.js'

/** How long an answer may take before a spinner says what is awaited, in milliseconds. */
const patience = 400

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Shows on a terminal what is awaited, once it takes long, and leaves no trace. Nothing is shown anywhere else. */
export function spinnerWhileWaiting(output: Output) {
  return async <Answer>(purpose: string, answer: Promise<Answer>): Promise<Answer> => {
    if (!output.isTerminal) return answer
    let frame = 0
    const draw = () => {
      void output.write(`\r\u001B[2K${frames[frame++ % frames.length] ?? ''} Waiting to ${purpose} …`)
    }
    let turning: NodeJS.Timeout | undefined
    const start = setTimeout(() => {
      draw()
      turning = setInterval(draw, 80)
    }, patience)
    try {
      return await answer
    } finally {
      clearTimeout(start)
      clearInterval(turning)
      if (frame > 0) await output.write('\r\u001B[2K')
    }
  }
}
