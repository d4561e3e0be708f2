import type {UnusableProxy} from '../errors/shared-failures.js'

/** An HTTP request. */
export interface WireRequest {
  method: string
  url: URL
  headers: Record<string, string>
  /** Text, or bytes, which are streamed and can take as long as they don't stall. */
  body?: string | readonly Uint8Array[]
  /** Called with the number of bytes each time that a part of a streamed body is sent. */
  onSent?: (bytes: number) => void
  /** Streams the body of a successful response, up to this many bytes. */
  streamUpTo?: number
  /** The secrets that this and earlier requests contain. The response could contain them too. */
  secrets?: readonly string[]
  /** Aborted when the user presses Ctrl-C, or with a `TimeoutError` by the caller's own timeout. */
  signal: AbortSignal
}

export interface WireResponse {
  status: number
  /** By lowercase name. */
  headers: Record<string, string | string[] | undefined>
  /** Empty if the body is a stream. */
  body: string
  /** Present only if the request had `streamUpTo` and succeeded. Read it immediately and to its end. Throws `TransportError`. */
  stream?: AsyncIterable<Uint8Array>
}

/** Why a request got no response. `reason` is text for users and contains no header. */
export class TransportError extends Error {
  constructor(
    readonly kind: 'unreachable' | 'timeout' | 'too-large' | 'interrupted',
    readonly reason: string,
    /** Whether the registry may have received and executed the request. */
    readonly maybeReceived = true,
    /** The proxy that made no connection, if one was used. */
    readonly proxy?: UnusableProxy,
  ) {
    super(reason)
    this.name = 'TransportError'
  }
}

/**
 * Sends a request and returns any response, including redirects and errors.
 *
 * @throws {TransportError}
 */
export type Transport = (request: WireRequest) => Promise<WireResponse>
