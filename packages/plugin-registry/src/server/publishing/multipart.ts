/** What a client sent is not the multipart/form-data that it should be. The message completes "the body …". */
export class MultipartProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MultipartProblem'
  }
}

export interface Part {
  name: string
  /** To be read to its end before the next part is asked for. */
  content: AsyncIterable<Buffer>
}

/** Bytes of the header of one part. */
const longestHeader = 4096

/** The boundary that a `Content-Type` header names (RFC 2046 §5.1.1); undefined where it names none. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"\\]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  return quoted ?? plain
}

/**
 * Reads multipart/form-data (RFC 7578) part by part, in the memory of a few chunks. Stricter than the format: there is
 * nothing before the first part and nothing after the last.
 *
 * @throws MultipartProblem, whatever `source` throws.
 */
export async function* readParts(source: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Part> {
  const input = new Input(source[Symbol.asyncIterator]())
  try {
    const delimiter = Buffer.from(`\r\n--${boundary}`)
    if ((await input.take(delimiter.length - 2)).compare(delimiter, 2) !== 0) {
      throw new MultipartProblem('does not begin with its boundary')
    }
    while (!(await isLast(input))) {
      const name = nameOf(await readHeader(input))
      yield {name, content: input.until(delimiter)}
    }
    if ((await input.rest(2)).toString('latin1').replace('\r\n', '') !== '') {
      throw new MultipartProblem('goes on behind its last part')
    }
  } finally {
    await input.close()
  }
}

/** Whether a boundary was the last one; else a part follows. */
async function isLast(input: Input): Promise<boolean> {
  const next = (await input.take(2)).toString('latin1')
  if (next === '--') return true
  if (next === '\r\n') return false
  throw new MultipartProblem('has something behind a boundary')
}

async function readHeader(input: Input): Promise<string> {
  let header = ''
  for await (const chunk of input.until(Buffer.from('\r\n\r\n'))) {
    header += chunk.toString()
    if (header.length > longestHeader) throw new MultipartProblem('has a part with too long a header')
  }
  return header
}

function nameOf(header: string): string {
  const disposition = header.split('\r\n').find((line) => /^content-disposition:\s*form-data\s*;/i.test(line))
  const [, quoted, plain] = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition ?? '') ?? []
  const name = quoted ?? plain
  if (name === undefined) throw new MultipartProblem('has a part without a name')
  return name
}

/** Bytes that arrive in chunks of any size. */
class Input {
  #buffer: Buffer = Buffer.alloc(0)

  constructor(private readonly source: AsyncIterator<Buffer>) {}

  /** Exactly so many bytes. */
  async take(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) await this.#receive()
    return this.#cut(length)
  }

  /** Everything before a mark, which is taken off too. */
  async *until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(mark)
      // What is at the end may be the beginning of the mark.
      const certain = at === -1 ? this.#buffer.length - mark.length + 1 : at
      if (certain > 0) yield this.#cut(certain)
      if (at !== -1) break
      await this.#receive()
    }
    this.#cut(mark.length)
  }

  /** What is left, or as much of it as passes a length. */
  async rest(length: number): Promise<Buffer> {
    while (this.#buffer.length <= length && (await this.#hasMore()));
    return this.#buffer
  }

  async close(): Promise<void> {
    await this.source.return?.()
  }

  #cut(length: number): Buffer {
    const piece = this.#buffer.subarray(0, length)
    this.#buffer = this.#buffer.subarray(length)
    return piece
  }

  async #receive(): Promise<void> {
    if (!(await this.#hasMore())) throw new MultipartProblem('ends too early')
  }

  async #hasMore(): Promise<boolean> {
    const next = await this.source.next()
    if (next.done === true) return false
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value])
    return true
  }
}
