import type {StatementText} from '../port.js'
import type {SqliteValue} from './driver.js'

/** A row takes about a kilobyte. */
const maxEntries = 10_000

/**
 * The results of queries on one version of the database. A client sends its token with every request, and finding it
 * takes several times as long as asking SQLite whether anything was committed since.
 */
export class RowCache {
  readonly #byStatement = new Map<StatementText, Map<string, unknown>>()
  #version: string | undefined
  #size = 0

  /** @param version of the database. If it is another one than before, everything is discarded. */
  discardUnless(version: string): void {
    if (version === this.#version && this.#size < maxEntries) return
    this.#byStatement.clear()
    this.#size = 0
    this.#version = version
  }

  /** @param read runs the query. A missing row isn't kept, so invalid credentials can't fill the cache. */
  get(text: StatementText, values: readonly SqliteValue[], read: () => unknown): unknown {
    let results = this.#byStatement.get(text)
    if (!results) this.#byStatement.set(text, (results = new Map<string, unknown>()))
    const key = keyOf(values)
    const known = results.get(key)
    if (known !== undefined) return known
    const found = read()
    if (found !== undefined) {
      results.set(key, found)
      this.#size++
    }
    return found
  }
}

/** Texts don't contain NUL; see `bindable`. */
function keyOf(values: readonly SqliteValue[]): string {
  return values
    .map((value) => (value instanceof Uint8Array ? toHex(value) : `${typeof value} ${String(value)}`))
    .join('\0')
}

function toHex({buffer, byteOffset, byteLength}: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex')
}
