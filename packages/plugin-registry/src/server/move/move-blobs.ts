import {createHash} from 'node:crypto'

import {copyBlob} from '../backup/copy-blob.js'
import {LostBlob} from '../backup/make-backup.js'
import type {BlobStore} from '../blobs/blob-store.js'
import {all, type OpenTransaction, statement} from '../store/port.js'

interface LiveBlob {
  key: string
  sha256: string
  size: number
  /** One of the available versions that need it, such as `@acme/tool@1.0.0`. Null if there are none. */
  version: string | null
}

const findBlobs = statement<LiveBlob>(`
  SELECT b.key, b.sha256, b.size, (
    SELECT min(p.name || '@' || v.version) FROM versions v JOIN packages p ON p.id = v.package_id
    WHERE v.sha256 = b.sha256 AND v.taken_down_at IS NULL) AS version
  FROM blobs b WHERE b.state = 'live' ORDER BY b.sha256`)

export interface BlobProgress {
  done: number
  total: number
}

/** The blobs of a registry that is moved, and their new keys. */
export class MovedBlobs {
  /** By the old key. */
  readonly #keys = new Map<string, string>()
  /** Those of an earlier run, by their hash. They are compared before they are used. */
  #earlier: Map<string, string> | undefined
  bytes = 0

  constructor(
    private readonly from: BlobStore,
    private readonly to: BlobStore,
  ) {}

  get count(): number {
    return this.#keys.size
  }

  /** @returns undefined if the blob was not copied */
  newKey(key: string): string | undefined {
    return this.#keys.get(key)
  }

  /**
   * Copies all blobs that were not copied yet, and compares their hashes.
   *
   * @param source the rows of the registry
   * @throws {LostBlob}
   */
  async copy(source: OpenTransaction, onProgress: (progress: BlobProgress) => void): Promise<void> {
    this.#earlier ??= await this.#list()
    const found = await source.ask(all(findBlobs()))
    for (const [index, blob] of found.entries()) {
      if (!this.#keys.has(blob.key)) await this.#copyOne(blob, this.#earlier)
      onProgress({done: index + 1, total: found.length})
    }
  }

  async #copyOne(blob: LiveBlob, earlier: Map<string, string>): Promise<void> {
    const {key, sha256, size, version} = blob
    const known = earlier.get(sha256)
    const kept = known !== undefined && (await this.#hasBytes(known, blob)) ? known : undefined
    const moved = kept ?? (await copyBlob((await this.from.open(key))?.bytes, this.to, {sha256, size}))
    if (moved === undefined && version !== null) throw new LostBlob(version)
    if (moved === undefined) return
    this.#keys.set(key, moved)
    this.bytes += size
  }

  async #list(): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for await (const {key} of this.to.list()) {
      const [sha256] = /[0-9a-f]{64}/.exec(key) ?? []
      if (sha256 !== undefined) found.set(sha256, key)
    }
    return found
  }

  async #hasBytes(key: string, {sha256, size}: LiveBlob): Promise<boolean> {
    const opened = await this.to.open(key)
    if (opened?.size !== size) {
      opened?.bytes.destroy()
      return false
    }
    const hash = createHash('sha256')
    for await (const chunk of opened.bytes) hash.update(chunk as Uint8Array)
    return hash.digest('hex') === sha256
  }
}
