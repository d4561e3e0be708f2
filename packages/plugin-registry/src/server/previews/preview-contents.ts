import {createHash} from 'node:crypto'

import type {ContentPlace} from './preview.js'

/** The content of one file, in bytes. */
export const maxContent = 512 * 1024

/** Contents in one file. Equal ones are stored once. */
export class PreviewContents {
  readonly #parts: Uint8Array[] = []
  readonly #places = new Map<string, ContentPlace>()
  #size = 0

  /** @param maxTotal bytes */
  constructor(private readonly maxTotal: number) {}

  /** @returns undefined if there is no space */
  add(content: Uint8Array): ContentPlace | undefined {
    if (content.length > maxContent) return undefined
    const digest = createHash('sha256').update(content).digest('base64')
    const known = this.#places.get(digest)
    if (known) return known
    if (this.#size + content.length > this.maxTotal) return undefined
    const place = {offset: this.#size, length: content.length}
    this.#places.set(digest, place)
    this.#parts.push(content)
    this.#size += content.length
    return place
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}
