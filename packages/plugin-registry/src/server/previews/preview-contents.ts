import {createHash} from 'node:crypto'

import type {ContentPlace} from './preview.js'

/** The contents of a preview in bytes, and of one file. */
const maxTotal = 2 * 1024 * 1024
const maxFile = 512 * 1024

/** Contents in one file. Equal ones are stored once. */
export class PreviewContents {
  readonly #parts: Uint8Array[] = []
  readonly #places = new Map<string, ContentPlace>()
  #size = 0

  /** @returns undefined if there is no space */
  add(content: Uint8Array): ContentPlace | undefined {
    if (content.length > maxFile) return undefined
    const digest = createHash('sha256').update(content).digest('base64')
    const known = this.#places.get(digest)
    if (known) return known
    if (this.#size + content.length > maxTotal) return undefined
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
