import {createHash, hash, type Hash} from 'node:crypto'

/** The SHA-256 of bytes, in hex. It takes a third of the time of a `Hash`. */
export function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** The SHA-256 of chunks. Most files are a single chunk, for which no `Hash` is created. */
export class Sha256 {
  #first: Uint8Array | undefined
  #hash: Hash | undefined

  /** @param chunk must not change until `hex` or the next call */
  update(chunk: Uint8Array): void {
    if (this.#hash === undefined && this.#first === undefined) {
      this.#first = chunk
      return
    }
    this.#hash ??= createHash('sha256').update(this.#first ?? '')
    this.#hash.update(chunk)
  }

  hex(): string {
    return this.#hash?.digest('hex') ?? sha256Of(this.#first ?? new Uint8Array(0))
  }
}
