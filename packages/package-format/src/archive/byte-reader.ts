import {ArchiveProblem} from './archive-problem.js'
import type {Reading} from './reading.js'

/** Reads exact numbers of bytes from a stream, regardless of how it is divided into chunks. */
export class ByteReader {
  #pending: Uint8Array = new Uint8Array(0)

  /** @param nextChunk reads the next chunk; undefined at the end */
  constructor(private readonly nextChunk: () => Reading<Uint8Array | undefined>) {}

  *atEnd(): Reading<boolean> {
    return this.#pending.length === 0 && !(yield* this.#fill())
  }

  /**
   * Reads exactly `length` bytes.
   *
   * @throws {ArchiveProblem} if the stream ends first
   */
  *take(length: number): Reading<Uint8Array> {
    if (this.#pending.length >= length) return this.#shift(length)
    const bytes = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      const part = yield* this.takeUpTo(length - filled)
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
  *takeUpTo(maxLength: number): Reading<Uint8Array> {
    if (yield* this.atEnd()) throw new ArchiveProblem('it is truncated')
    return this.#shift(Math.min(maxLength, this.#pending.length))
  }

  #shift(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length)
    this.#pending = this.#pending.subarray(length)
    return taken
  }

  /** Waits for the next chunk that isn't empty. Returns false at the end of the stream. */
  *#fill(): Reading<boolean> {
    for (;;) {
      const chunk = yield* this.nextChunk()
      if (chunk === undefined) return false
      if (chunk.length === 0) continue
      this.#pending = chunk
      return true
    }
  }
}
