/** A response with its own status or headers. */
export class Reply<Body> {
  /** @param body a stream is sent as bytes, anything else as JSON */
  constructor(
    readonly body: Body | undefined,
    readonly options: {status?: number; headers?: Record<string, string>} = {},
  ) {}
}
