import type {IncomingMessage} from 'node:http'

import {Refusal} from '../http/refusal.js'
import {boundaryOf, MultipartProblem, type Part, readParts} from './multipart.js'
import {type UploadTimeouts, readWithTimeouts} from './read-with-timeouts.js'

export interface UploadLimits {
  /** Bytes of the metadata. */
  metadata: number
  /** Bytes of the tarball. */
  tarball: number
  timeouts: UploadTimeouts
  /** Aborts running uploads. Its reason is the refusal to respond with. */
  stop: AbortSignal
}

/** The upload of a package: a part `metadata`, then a part `tarball`. */
export class Upload {
  readonly #parts: AsyncGenerator<Part>

  /** @throws {Refusal} VALIDATION if `contentType` does not have a boundary */
  constructor(
    request: IncomingMessage,
    contentType: string,
    private readonly limits: UploadLimits,
  ) {
    const boundary = boundaryOf(contentType)
    if (boundary === undefined) {
      throw new Refusal('VALIDATION', {message: 'The `Content-Type` header does not have a boundary'})
    }
    this.#parts = readParts(readWithTimeouts(request, limits.timeouts, limits.stop), boundary)
  }

  /** @throws {Refusal} VALIDATION, REQUEST_TIMEOUT */
  async metadata(): Promise<string> {
    try {
      const {content} = await this.#next('metadata')
      const chunks: Buffer[] = []
      for await (const chunk of limitSize(content, this.limits.metadata, 'metadata')) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    } catch (error) {
      throw toRefusal(error)
    }
  }

  /**
   * Streams the tarball, after the metadata was read. Fails at the end if anything follows it.
   *
   * @throws {Refusal} VALIDATION, REQUEST_TIMEOUT, BODY_TOO_LARGE
   */
  async *tarball(): AsyncGenerator<Uint8Array> {
    try {
      const {content} = await this.#next('tarball')
      yield* limitSize(content, this.limits.tarball, 'tarball')
      const {value} = (await this.#parts.next()) as {value: Part | undefined}
      if (value) throw partRefusal(value.name, 'is unexpected')
    } catch (error) {
      throw toRefusal(error)
    }
  }

  /** Stops reading. The request stays open. */
  async close(): Promise<void> {
    await this.#parts.return(undefined)
  }

  async #next(name: string): Promise<Part> {
    const {value} = (await this.#parts.next()) as {value: Part | undefined}
    if (value?.name === name) return value
    throw partRefusal(name, value ? `is missing. Found \`${value.name}\` instead` : 'is missing')
  }
}

async function* limitSize(content: AsyncIterable<Buffer>, maxSize: number, part: string): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > maxSize) throw partRefusal(part, `is larger than ${maxSize} bytes`, 'BODY_TOO_LARGE')
    yield chunk
  }
}

function toRefusal(error: unknown): unknown {
  if (!(error instanceof MultipartProblem)) return error
  return new Refusal('VALIDATION', {
    message: `The body is not valid multipart/form-data: it ${error.message}`,
  })
}

function partRefusal(part: string, message: string, code: 'VALIDATION' | 'BODY_TOO_LARGE' = 'VALIDATION'): Refusal {
  return new Refusal(code, {message: `The \`${part}\` part ${message}`, details: [{field: part, message}]})
}
