import {PassThrough} from 'node:stream'

/** A terminal's input, as prompts read it. */
export interface TypeAhead {
  /** The stream for a prompt to read. */
  readonly input: NodeJS.ReadableStream
  /** Lets a prompt read until it has its answer. */
  during<Answer>(prompt: () => Promise<Answer>): Promise<Answer>
  end(): void
}

/** Milliseconds after a line for a prompt to end. If it hasn't, it rejected the line, and gets the next one. */
const answerTime = 100

const interrupt = '\u0003'

/**
 * Takes over a terminal, so that it echoes nothing until `end`, and keeps what is typed before a prompt is ready for it.
 * A prompt on its own turns echo on again when it has its answer, and drops what was typed after it.
 *
 * Each prompt gets one line at a time. Between prompts, Ctrl-C ends the process as usual.
 */
export function takeTypeAhead(stdin: NodeJS.ReadStream): TypeAhead {
  let typed = ''
  let isPrompting = false
  let isAnswered = false
  let timer: NodeJS.Timeout | undefined
  // Without `setRawMode`, prompts leave the terminal's mode alone. Without `isTTY`, they don't drop what was typed early.
  const input = new PassThrough()

  const feed = () => {
    if (!isPrompting || isAnswered) return
    const end = typed.search(/[\r\n]/) + 1
    const piece = end === 0 ? typed : typed.slice(0, end)
    if (piece === '') return
    typed = typed.slice(piece.length)
    isAnswered = end > 0
    input.write(piece)
    if (isAnswered) giveTime()
  }
  const giveTime = () => {
    timer = setTimeout(() => {
      // A prompt that is slow to start hasn't read the line yet.
      if (input.readableLength > 0) {
        giveTime()
        return
      }
      isAnswered = false
      feed()
    }, answerTime)
  }
  const onData = (chunk: Buffer | string) => {
    const text = chunk.toString()
    if (!isPrompting && text.includes(interrupt)) {
      process.kill(process.pid, 'SIGINT')
      return
    }
    typed += text
    feed()
  }
  // A prompt that is closed by Ctrl-D never answers. Without a stream to read, the process ends.
  const onPause = () => {
    setTimeout(() => {
      if (isPrompting && input.isPaused()) stdin.pause()
    }, answerTime).unref()
  }

  stdin.setRawMode(true)
  stdin.on('data', onData)
  // A listener alone doesn't resume a stream that `end` of an earlier one paused.
  stdin.resume()
  input.on('pause', onPause)
  return {
    input,
    async during(prompt) {
      isPrompting = true
      isAnswered = false
      const answer = prompt()
      feed()
      try {
        return await answer
      } finally {
        isPrompting = false
        clearTimeout(timer)
      }
    },
    end() {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      if (typed !== '') stdin.unshift(Buffer.from(typed))
    },
  }
}
