/** The database isn't ready for this process. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase'
  constructor(
    readonly problem: 'migration-pending' | 'newer' | 'other-key' | 'no-registry',
    message: string,
  ) {
    super(message)
  }
}

/** The server is configured or used in a way that can lose or damage data. */
export class UnsafeServer extends Error {
  override readonly name = 'UnsafeServer'
}

/** The server refused a statement, for example because the role has no permission. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer'
}
