/** One HTTP request, complete. */
export interface WireRequest {
  method: string
  url: URL
  headers: Record<string, string>
  body?: string
  /** Aborted when the user presses Ctrl-C, or with a `TimeoutError` when the caller's own patience ends. */
  signal: AbortSignal
}

export interface WireResponse {
  status: number
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>
  body: string
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
