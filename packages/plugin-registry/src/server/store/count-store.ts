/** What metrics count. `tokens` are those that are neither revoked nor expired, `webhooks` are events to deliver. */
export type Countable = 'tokens' | 'packages' | 'webhooks'

/** Counts rows in steps, which don't block other requests for long. */
export interface CountStore {
  /**
   * Counts some rows.
   *
   * @param after `last` of the previous step
   * @returns `last` is undefined if there are no more rows
   */
  next(
    kind: Countable,
    after: string | number | undefined,
    now: number,
  ): Promise<{count: number; last: string | number | undefined}>
}
