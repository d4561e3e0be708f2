/** A serialized packument, and the ETag of what it contains. */
interface Entry {
  etag: string
  body: Buffer
}

/**
 * The newest packuments that were sent. An entry is only used under the ETag that was computed from the database for the
 * same request, so it never has to be removed after a change.
 */
export class PackumentCache {
  /** By name. The least recently used entry comes first. */
  readonly #entries = new Map<string, Entry>()
  #size = 0

  /** @param maxSize of all entries, in bytes */
  constructor(private readonly maxSize: number) {}

  /** The total size of the entries, in bytes. */
  get size(): number {
    return this.#size
  }

  /** Whether there is an entry, possibly an outdated one. */
  has(name: string): boolean {
    return this.#entries.has(name)
  }

  get(name: string, etag: string): Buffer | undefined {
    const entry = this.#entries.get(name)
    if (entry?.etag !== etag) return undefined
    this.#entries.delete(name)
    this.#entries.set(name, entry)
    return entry.body
  }

  /** Replaces the entry of this package, and removes others to make room. One that is too large is not stored. */
  set(name: string, entry: Entry): void {
    this.#remove(name)
    if (entry.body.length > this.maxSize) return
    this.#entries.set(name, entry)
    this.#size += entry.body.length
    for (const [oldest] of this.#entries) {
      if (this.#size <= this.maxSize) break
      this.#remove(oldest)
    }
  }

  #remove(name: string): void {
    this.#size -= this.#entries.get(name)?.body.length ?? 0
    this.#entries.delete(name)
  }
}
