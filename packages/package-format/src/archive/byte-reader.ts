import {ArchiveProblem} from './archive-problem.js'

/** Reads exact numbers of bytes from a stream, regardless of how it is divided into chunks. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array, unknown>
  #pending: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async atEnd(): Promise<boolean> {
    return this.#pending.length === 0 && !(await this.#fill())
  }

  /**
   * Reads exactly `length` bytes.
   *
   * @throws {ArchiveProblem} if the stream ends first
   */
  async take(length: number): Promise<Uint8Array> {
    if (this.#pending.length >= length) return this.#shift(length)
    const bytes = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      const part = await this.takeUpTo(length - filled)
      bytes.set(part, filled)
      filled += part.length
    }
    return bytes
  }

  /**
   * Reads the available bytes: at least one, at most `maxLength`.
   *
   * @throws {ArchiveProblem} if the stream has ended
   */
  async takeUpTo(maxLength: number): Promise<Uint8Array> {
    if (await this.atEnd()) throw new ArchiveProblem('it is truncated')
    return this.#shift(Math.min(maxLength, this.#pending.length))
  }

  /** Closes the stream. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }

  #shift(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length)
    this.#pending = this.#pending.subarray(length)
    return taken
  }

  /** Waits for the next chunk that isn't empty. Returns false at the end of the stream. */
  async #fill(): Promise<boolean> {
    for (;;) {
      const next = await this.#source.next()
      if (next.done === true) return false
      if (next.value.length === 0) continue
      this.#pending = next.value
      return true
    }
  }
}
