/** One HTTP request, complete. */
export interface WireRequest {
  method: string
  url: URL
  headers: Record<string, string>
  body?: string
  /** Aborted when the user presses Ctrl-C. */
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
    options?: ErrorOptions,
  ) {
    super(reason, options)
    this.name = 'TransportError'
  }
}

/**
 * Sends a request and returns whatever answer comes, redirects and refusals included.
 *
 * @throws {TransportError}
 */
export type Transport = (request: WireRequest) => Promise<WireResponse>
