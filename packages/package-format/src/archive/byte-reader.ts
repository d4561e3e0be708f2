import {ArchiveProblem} from './archive-problem.js'

/** Hands out the bytes of a stream by number, however they arrive. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array, unknown>
  #pending: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Whether nothing is left. */
  async atEnd(): Promise<boolean> {
    return this.#pending.length === 0 && !(await this.#fill())
  }

  /**
   * Exactly so many bytes.
   *
   * @throws ArchiveProblem where the stream ends before.
   */
  async take(length: number): Promise<Uint8Array> {
    if (this.#pending.length >= length) return this.#shift(length)
    const whole = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      const part = await this.some(length - filled)
      whole.set(part, filled)
      filled += part.length
    }
    return whole
  }

  /**
   * What is at hand of the next bytes: one at least, and so many at most.
   *
   * @throws ArchiveProblem where the stream has ended.
   */
  async some(most: number): Promise<Uint8Array> {
    if (await this.atEnd()) throw new ArchiveProblem('it is cut off')
    return this.#shift(Math.min(most, this.#pending.length))
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }

  #shift(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length)
    this.#pending = this.#pending.subarray(length)
    return taken
  }

  /** Waits for the next chunk that is not empty; false where there is none. */
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
