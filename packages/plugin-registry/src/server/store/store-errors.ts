/** Another process kept the data locked for too long. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** The disk or the quota on it is full. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull'
}

/** The data is not a database, or is corrupt. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}

/** A transaction failed while it was committed, and the database cannot tell whether its changes were made. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

/** The first use of a credential could not be recorded, so it must not be used. */
export class UseNotRecorded extends Error {
  override readonly name = 'UseNotRecorded'
}

/** A row violates a unique index. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** A newer version of this software wrote the data. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema'
  constructor(migration: string) {
    super(`the database was written by a newer version (migration ${migration})`)
  }
}
