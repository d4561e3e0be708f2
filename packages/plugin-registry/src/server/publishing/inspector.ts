import {once} from 'node:events'
import {Worker} from 'node:worker_threads'

import {Queue, type QueueLimits} from '../http/queue.js'
import type {Inspection, InspectionJob} from './inspect-archive.js'

/** Always the compiled script, since TypeScript loaders do not work in threads. */
const script = new URL('../../../dist/server/publishing/inspection-worker.js', import.meta.url)

/** How many tarballs are inspected at once, how many can wait, and what one inspection can use. */
export interface InspectionLimits extends QueueLimits {
  /** In milliseconds. */
  timeout: number
  /** The heap of a thread, in MiB. */
  memory: number
}

/**
 * Inspects tarballs in worker threads, so that a malicious one can crash only a thread and does not block other
 * requests.
 */
export class Inspector {
  readonly queue: Queue
  readonly #idle = new Set<Worker>()
  readonly #all = new Set<Worker>()

  constructor(private readonly limits: InspectionLimits) {
    this.queue = new Queue(limits)
  }

  /** @throws {Refusal} BUSY if too many are waiting */
  inspect(job: InspectionJob): Promise<Inspection> {
    return this.queue.run(() => this.#inspectIn(this.#takeIdle() ?? this.#start(), job))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
  }

  #takeIdle(): Worker | undefined {
    const [worker] = this.#idle
    if (worker) this.#idle.delete(worker)
    return worker
  }

  #start(): Worker {
    const worker = new Worker(script, {
      resourceLimits: {maxOldGenerationSizeMb: this.limits.memory},
    })
    this.#all.add(worker)
    const forget = () => {
      this.#all.delete(worker)
      this.#idle.delete(worker)
    }
    return worker.on('error', forget).on('exit', forget)
  }

  async #inspectIn(worker: Worker, job: InspectionJob): Promise<Inspection> {
    const deadline = AbortSignal.timeout(this.limits.timeout)
    // Only a busy thread keeps the process alive.
    worker.ref()
    try {
      worker.postMessage(job)
      const [inspection] = (await once(worker, 'message', {signal: deadline})) as [Inspection]
      this.#idle.add(worker)
      worker.unref()
      return inspection
    } catch (error) {
      await worker.terminate()
      if (deadline.aborted) return unreadable(`reading it took longer than ${this.limits.timeout / 1000} seconds`)
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
        return unreadable('reading it takes too much memory')
      throw error
    }
  }
}

function unreadable(reason: string): Inspection {
  return {
    outcome: 'ARCHIVE_INVALID',
    message: `Invalid tarball: ${reason}`,
    details: [{message: reason}],
  }
}
