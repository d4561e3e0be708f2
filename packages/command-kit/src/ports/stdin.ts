import {failure} from '../errors/define-failures.js'

/** Milliseconds. */
const defaultTimeout = 30_000

/** Reads a stream to its end. Fails if no byte arrives, because an inherited pipe without a writer would hang forever. */
export async function readAll(stream: NodeJS.ReadStream, what: string, timeout = defaultTimeout): Promise<string> {
  const chunks: Buffer[] = []
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(failure('STDIN_SILENT', {what, seconds: timeout / 1000}))
    }, timeout)
  })
  const content = (async () => {
    for await (const chunk of stream) {
      clearTimeout(timer)
      chunks.push(Buffer.from(chunk as Uint8Array))
    }
    return Buffer.concat(chunks).toString('utf8')
  })()
  try {
    return await Promise.race([content, silence])
  } finally {
    clearTimeout(timer)
    stream.destroy()
  }
}
