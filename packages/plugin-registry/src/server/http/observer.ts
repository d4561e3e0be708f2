/** A response that was sent, or a request whose client disconnected. */
export interface ObservedRequest {
  method: string
  /** The route, such as `/packages/:name`. Undefined if no route matched. */
  route: string | undefined
  /** Undefined if the client disconnected before the response was complete. */
  status: number | undefined
  seconds: number
}

/** Work that is limited, and how much of it there is now. */
export interface ObservedQueue {
  readonly running: number
  readonly waiting: number
}

/** What a server reports to its metrics. */
export interface ServerObserver {
  /** Called once, when the server is created. */
  watch(parts: {queues: Record<string, ObservedQueue>; packumentCache: {readonly size: number}}): void
  observeRequest(request: ObservedRequest): void
}
