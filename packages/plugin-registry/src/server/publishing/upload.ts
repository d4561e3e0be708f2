import type {IncomingMessage} from 'node:http'

import {Refusal} from '../http/refusal.js'
import {boundaryOf, MultipartProblem, type Part, readParts} from './multipart.js'
import {type UploadTimeouts, readInTime} from './read-in-time.js'

export interface UploadLimits {
  /** Bytes of the metadata. */
  metadata: number
  /** Bytes of the tarball. */
  tarball: number
  timeouts: UploadTimeouts
  /** Gives up uploads that are under way, for its reason. */
  stop: AbortSignal
}

/** A request that brings a package: the part `metadata`, then the part `tarball`. */
export class Upload {
  readonly #parts: AsyncGenerator<Part>

  /** @throws Refusal VALIDATION where `contentType` names no boundary. */
  constructor(
    request: IncomingMessage,
    contentType: string,
    private readonly limits: UploadLimits,
  ) {
    const boundary = boundaryOf(contentType)
    if (boundary === undefined) {
      throw new Refusal('VALIDATION', {message: 'The `Content-Type` header names no boundary'})
    }
    this.#parts = readParts(readInTime(request, limits.timeouts, limits.stop), boundary)
  }

  /** @throws Refusal VALIDATION, REQUEST_TIMEOUT */
  async metadata(): Promise<string> {
    try {
      const {content} = await this.#next('metadata')
      const chunks: Buffer[] = []
      for await (const chunk of limited(content, this.limits.metadata, 'metadata')) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    } catch (error) {
      throw toRefusal(error)
    }
  }

  /**
   * The tarball as it arrives, after the metadata; it ends well only where nothing comes behind it.
   *
   * @throws Refusal VALIDATION, REQUEST_TIMEOUT, BODY_TOO_LARGE
   */
  async *tarball(): AsyncGenerator<Uint8Array> {
    try {
      const {content} = await this.#next('tarball')
      yield* limited(content, this.limits.tarball, 'tarball')
      const {value} = (await this.#parts.next()) as {value: Part | undefined}
      if (value) throw refuse(value.name, 'does not belong here')
    } catch (error) {
      throw toRefusal(error)
    }
  }

  /** Lets go of the request, wherever the reading has got to. */
  async close(): Promise<void> {
    await this.#parts.return(undefined)
  }

  async #next(name: string): Promise<Part> {
    const {value} = (await this.#parts.next()) as {value: Part | undefined}
    if (value?.name === name) return value
    throw refuse(name, value ? `is missing; the part \`${value.name}\` came in its place` : 'is missing')
  }
}

async function* limited(content: AsyncIterable<Buffer>, longest: number, part: string): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > longest) throw refuse(part, `is larger than ${longest} bytes`, 'BODY_TOO_LARGE')
    yield chunk
  }
}

function toRefusal(error: unknown): unknown {
  if (!(error instanceof MultipartProblem)) return error
  return new Refusal('VALIDATION', {
    message: `The body is not multipart/form-data that can be read: it ${error.message}`,
  })
}

function refuse(part: string, message: string, code: 'VALIDATION' | 'BODY_TOO_LARGE' = 'VALIDATION'): Refusal {
  return new Refusal(code, {message: `The part \`${part}\` ${message}`, details: [{field: part, message}]})
}
