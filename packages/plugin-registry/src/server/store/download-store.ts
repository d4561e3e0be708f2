/** How many days the most installed packages are of. */
export const mostInstalledDays = 30

/** How many packages each reader's list of the most installed ones has at most. */
export const maxMostInstalled = 50

/** How long downloads are kept, in milliseconds. */
export const downloadsKept = 100 * 24 * 3_600_000

/** Downloads of a day, which is the time when it began in UTC. */
export interface DayDownloads {
  day: number
  count: number
}

/** How often packages were downloaded. Nothing is stored about who downloaded them. */
export interface DownloadStore {
  /** Adds downloads in one statement. Skips packages that don't exist. */
  add(downloads: readonly (DayDownloads & {name: string})[]): Promise<void>
  /** Lists the downloads of a package from a day on. Days without downloads are missing. */
  of(name: string, since: number): Promise<DayDownloads[]>
  /**
   * Refreshes the most installed packages. Nothing is written if they are the same, or if another process does this.
   *
   * @param holder the process that takes the lease
   * @param since the first day that counts
   */
  refreshMostInstalled(holder: string, since: number, now: number): Promise<void>
  /** Lets another process refresh them at once. */
  release(holder: string): Promise<void>
}
