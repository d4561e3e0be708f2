/** Deletes rows that are no longer needed. */
export interface OldRows {
  /**
   * Deletes a limited number of rows. Does nothing while another process holds the lease.
   *
   * @param holder the process that takes the lease
   * @returns how many were deleted
   */
  sweep(holder: string, now: number): Promise<number>
  /** Releases the lease, so that another process doesn't have to wait until it expires. */
  release(holder: string): Promise<void>
}
