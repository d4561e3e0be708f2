/** An answer that says more than its endpoint's status and body do by themselves. */
export class Reply<Body> {
  /** @param body a stream is sent as bytes, anything else as JSON; undefined for none. */
  constructor(
    readonly body: Body | undefined,
    readonly options: {status?: number; headers?: Record<string, string>} = {},
  ) {}
}
