import {once} from 'node:events'
import {Worker} from 'node:worker_threads'

import type {ArchiveLimits} from '@apkg/package-format'
import type {FastifyBaseLogger} from 'fastify'

import type {BlobStore} from '../blobs/blob-store.js'
import type {RegistryStore} from '../store/store.js'
import type {MadePreview, PreviewJob} from './make-preview.js'
import type {ContentPlace, Preview} from './preview.js'
import {PreviewFiles} from './preview-files.js'

/** Always the compiled script, since TypeScript loaders do not work in threads. */
const script = new URL('../../../dist/server/previews/preview-worker.js', import.meta.url)

const mebibyte = 1024 * 1024

/** A tarball that exceeds these has no preview. */
const limits = {packed: 8 * mebibyte, unpacked: 16 * mebibyte, files: 2000}

/** How long one preview may take, in milliseconds. */
const timeout = 20_000

/** The heap of the thread, in MiB. */
const memory = 192

const day = 24 * 60 * 60 * 1000

/** How many versions can wait. Further ones are requested again when their page is opened. */
const maxWaiting = 200

interface Wanted {
  name: string
  version: string
}

/** What the thread sends. */
type WorkerAnswer = MadePreview | 'unreadable' | null

interface PreviewOptions {
  store: Pick<RegistryStore, 'packages' | 'blobs'>
  blobs: BlobStore
  /** The directory for previews. */
  folder: string
  archive: ArchiveLimits
  /** The version of apkg. */
  version: string
  log: FastifyBaseLogger
}

/**
 * What pages show of tarballs. Previews are made one at a time in a worker thread, after the version was published or
 * when its page is opened. A hostile tarball can only cost its own preview.
 */
export class Previews {
  readonly #files: PreviewFiles
  readonly #waiting = new Map<string, Wanted>()
  /** Versions that can't have a preview because of what is in their tarballs. */
  readonly #failed = new Set<string>()
  #running: Promise<void> | undefined
  #worker: Worker | undefined
  #isClosed = false
  #sweeping: NodeJS.Timeout | undefined

  constructor(private readonly options: PreviewOptions) {
    this.#files = new PreviewFiles(options.folder, options.version)
  }

  /**
   * Finds the preview of a version that its reader may see. If there is none, it will be made.
   *
   * @param sha256 of its tarball, in hex
   */
  async find(wanted: Wanted, sha256: string): Promise<Preview | 'being-prepared' | 'not-available'> {
    const preview = await this.#files.read(sha256)
    if (preview) return preview
    if (this.#failed.has(keyOf(wanted))) return 'not-available'
    this.request(wanted)
    return 'being-prepared'
  }

  /** @returns undefined if it was deleted */
  content(sha256: string, place: ContentPlace): Promise<Buffer | undefined> {
    return this.#files.readContent(sha256, place)
  }

  /** Makes the preview of a version soon. Never fails, and never waits. */
  request(wanted: Wanted): void {
    if (this.#isClosed || this.#waiting.size >= maxWaiting || this.#failed.has(keyOf(wanted))) return
    this.#waiting.set(keyOf(wanted), wanted)
    this.#running ??= this.#makeAll().finally(() => {
      this.#running = undefined
    })
  }

  /** Waits until every requested preview is made. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  /** Deletes the previews of versions that were taken down, and those of other recipes: now, and once a day. */
  startSweeping(): void {
    const sweep = () => {
      this.sweep().catch((error: unknown) => {
        this.options.log.warn({err: error}, 'failed to delete unused previews')
      })
    }
    sweep()
    this.#sweeping = setInterval(sweep, day).unref()
  }

  async sweep(): Promise<void> {
    const {blobs} = this.options.store
    await this.#files.sweep(async (sha256) => (await blobs.find(sha256)) !== undefined)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#sweeping)
    this.#waiting.clear()
    await this.#worker?.terminate()
    await this.#running
  }

  async #makeAll(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      const [key, wanted] = next
      try {
        if ((await this.#make(wanted)) === 'impossible') this.#failed.add(key)
      } catch (error) {
        // For example, tarballs are unavailable at the moment. The next visitor of its page requests it again.
        this.#logFailure(error, wanted)
      }
      this.#waiting.delete(key)
    }
  }

  /** The version that was requested last, since new ones are looked at most. */
  #next(): [string, Wanted] | undefined {
    return this.#isClosed ? undefined : [...this.#waiting].at(-1)
  }

  /** @throws {Error} if the tarball can't be read at the moment */
  async #make({name, version}: Wanted): Promise<'done' | 'impossible'> {
    const {store, blobs, archive, version: apkg} = this.options
    const state = await store.packages.version(name, version)
    if (!state || state.takenDown || state.key === undefined) return 'done'
    if (state.size > limits.packed) return 'impossible'
    if (await this.#files.read(state.sha256)) return 'done'
    const opened = await blobs.open(state.key)
    if (opened?.size !== state.size) {
      opened?.bytes.destroy()
      throw new Error('the tarball is missing')
    }
    const draft = await blobs.put(opened.bytes)
    try {
      if (draft.sha256 !== state.sha256) throw new Error('the tarball is corrupt')
      const job = {name, version, apkg, file: draft.path, limits: {...archive, ...limits}}
      const made = await this.#inWorker(job)
      if (made === 'unreadable') throw new Error('the copy of the tarball is unreadable')
      if (made === null) return 'impossible'
      await this.#files.write(state.sha256, made)
      return 'done'
    } finally {
      await blobs.discard(draft)
    }
  }

  /** @returns null if a preview of the tarball is too large, takes too long or exceeds the memory */
  async #inWorker(job: PreviewJob): Promise<WorkerAnswer> {
    const worker = (this.#worker ??= this.#start())
    const ended = new AbortController()
    const end = () => ended.abort(new Error('the thread ended'))
    worker.once('exit', end)
    // Only a busy thread keeps the process alive.
    worker.ref()
    try {
      worker.postMessage(job)
      const [made] = (await once(worker, 'message', {
        signal: AbortSignal.any([AbortSignal.timeout(timeout), ended.signal]),
      })) as [WorkerAnswer]
      worker.unref()
      return made
    } catch (error) {
      this.#worker = undefined
      await worker.terminate()
      this.#logFailure(error, {name: job.name, version: job.version})
      return null
    } finally {
      worker.off('exit', end)
    }
  }

  #logFailure(error: unknown, wanted: Wanted): void {
    if (!this.#isClosed) this.options.log.warn({err: error, ...wanted}, 'failed to make a preview')
  }

  #start(): Worker {
    const worker = new Worker(script, {resourceLimits: {maxOldGenerationSizeMb: memory}})
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined
    }
    return worker.on('error', forget).on('exit', forget)
  }
}

function keyOf({name, version}: Wanted): string {
  return `${name}@${version}`
}
