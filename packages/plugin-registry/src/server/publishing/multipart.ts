/** Invalid multipart/form-data. The message completes "the body …". */
export class MultipartProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MultipartProblem'
  }
}

export interface Part {
  name: string
  /** Has to be read completely before the next part is requested. */
  content: AsyncIterable<Buffer>
}

/** Bytes of a part's header. */
const maxHeader = 4096

/** The boundary in a `Content-Type` header (RFC 2046 §5.1.1). */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"\\]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  return quoted ?? plain
}

/**
 * Reads multipart/form-data (RFC 7578) part by part, with only a few chunks in memory. Stricter than the format: nothing
 * may precede the first part or follow the last.
 *
 * @throws {MultipartProblem}, and errors of `source`
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
      throw new MultipartProblem('continues after its last part')
    }
  } finally {
    await input.close()
  }
}

/** Whether this was the last boundary. */
async function isLast(input: Input): Promise<boolean> {
  const next = (await input.take(2)).toString('latin1')
  if (next === '--') return true
  if (next === '\r\n') return false
  throw new MultipartProblem('has unexpected bytes after a boundary')
}

async function readHeader(input: Input): Promise<string> {
  let header = ''
  for await (const chunk of input.until(Buffer.from('\r\n\r\n'))) {
    header += chunk.toString()
    if (header.length > maxHeader) throw new MultipartProblem('has a part whose header is too long')
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

class Input {
  #buffer: Buffer = Buffer.alloc(0)

  constructor(private readonly source: AsyncIterator<Buffer>) {}

  /** Takes exactly this many bytes. */
  async take(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) await this.#receive()
    return this.#cut(length)
  }

  /** Takes everything before a delimiter, and drops the delimiter. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(delimiter)
      // The last bytes may be the start of the delimiter.
      const length = at === -1 ? this.#buffer.length - delimiter.length + 1 : at
      if (length > 0) yield this.#cut(length)
      if (at !== -1) break
      await this.#receive()
    }
    this.#cut(delimiter.length)
  }

  /** Returns the rest of the input. Stops reading once it exceeds a length. */
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
