/** One HTTP request, complete. */
export interface WireRequest {
  method: string
  url: URL
  headers: Record<string, string>
  /** A text, or bytes that are sent piece by piece: those may take as long as they keep moving. */
  body?: string | readonly Uint8Array[]
  /** Where it is given, the body of a success is handed on as it arrives, up to this many bytes. */
  streamUpTo?: number
  /** Aborted when the user presses Ctrl-C, or with a `TimeoutError` when the caller's own timeout ends. */
  signal: AbortSignal
}

export interface WireResponse {
  status: number
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>
  /** Empty where the body is a stream. */
  body: string
  /** There for a success that was asked for as a stream. To be read at once and to its end; throws `TransportError`. */
  stream?: AsyncIterable<Uint8Array>
}

/** What kept a request from being answered. The reason is for people and holds no header. */
export class TransportError extends Error {
  constructor(
    readonly kind: 'unreachable' | 'timeout' | 'too-large' | 'interrupted',
    readonly reason: string,
    /** Whether the registry may have received the request, and so may have done what it asked for. */
    readonly maybeReceived = true,
  ) {
    super(reason)
    this.name = 'TransportError'
  }
}

/**
 * Sends a request and returns whatever answer comes, redirects and refusals included.
 *
 * @throws {TransportError}
 */
export type Transport = (request: WireRequest) => Promise<WireResponse>
