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

/** A newer version of this software wrote the data. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema'
  constructor(migration: string) {
    super(`the database was written by a newer version (migration ${migration}); upgrade to open it`)
  }
}
