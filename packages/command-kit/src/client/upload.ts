import type {ClientRequest} from 'node:http'

import type {WireRequest} from './transport.js'

/** Bytes that are written at once. */
const chunkSize = 64 * 1024

/** The bytes of an upload. It stops when a response arrives, because the registry can refuse before reading everything. */
export class Upload {
  wasInterrupted = false
  #stopped = false
  #sent = false

  constructor(
    private readonly bytes: readonly Uint8Array[],
    private readonly onSent: WireRequest['onSent'],
  ) {}

  /** Writes the body of a request and ends it, unless it is closed or the upload is stopped. */
  async send(request: ClientRequest): Promise<void> {
    for (const chunk of this.#chunks()) {
      const isBuffered = request.write(chunk)
      if (!isBuffered) await untilWritable(request)
      if (this.#stopped || request.destroyed) return
      this.onSent?.(chunk.length)
    }
    this.#sent = true
    request.end()
  }

  stop(): void {
    this.#stopped = true
    this.wasInterrupted = !this.#sent
  }

  *#chunks(): Generator<Uint8Array> {
    for (const part of this.bytes) {
      for (let start = 0; start < part.length; start += chunkSize) yield part.subarray(start, start + chunkSize)
    }
  }
}

function untilWritable(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      request.off('drain', settle).off('close', settle)
      resolve()
    }
    request.on('drain', settle).on('close', settle)
  })
}
