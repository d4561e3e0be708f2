/** A response with its own status or headers. */
export class Reply<Body> {
  /**
   * @param body a stream is sent as bytes, anything else as JSON
   * @param options.json the body as JSON, if it was serialized before
   */
  constructor(
    readonly body: Body | undefined,
    readonly options: {status?: number; headers?: Record<string, string>; json?: Buffer} = {},
  ) {}
}
