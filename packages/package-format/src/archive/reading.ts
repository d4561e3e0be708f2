import {setImmediate} from 'node:timers/promises'

/**
 * A read in steps, which needs no promise while the bytes are available. It yields `chunk` for the next chunk of the source,
 * and is resumed with it, or with undefined at the end. It yields `turn` to give the event loop a turn, and a promise to
 * wait for it.
 */
export type Reading<Result> = Generator<'chunk' | 'turn' | Promise<void>, Result, Uint8Array | undefined>

/** Bytes in chunks of any size. */
export type ByteSource = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The chunks of a source, for several readings in turn. */
export class SourceChunks {
  readonly #iterator: Iterator<Uint8Array, unknown> | AsyncIterator<Uint8Array, unknown>

  constructor(source: ByteSource) {
    this.#iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  }

  /** Runs a reading to its end. Errors of the source and of the reading are passed on. */
  async run<Result>(reading: Reading<Result>): Promise<Result> {
    let step = reading.next()
    while (step.done !== true) {
      let chunk: Uint8Array | undefined
      try {
        if (step.value === 'chunk') chunk = await this.#next()
        else await (step.value === 'turn' ? setImmediate() : step.value)
      } catch (error) {
        step = reading.throw(error)
        continue
      }
      step = reading.next(chunk)
    }
    return step.value
  }

  /** Closes the source. */
  async close(): Promise<void> {
    await this.#iterator.return?.()
  }

  async #next(): Promise<Uint8Array | undefined> {
    const next = await this.#iterator.next()
    return next.done === true ? undefined : next.value
  }
}
