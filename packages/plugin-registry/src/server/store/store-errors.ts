/** Another process kept the database locked for too long. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** The disk or the quota on it is full. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull'
}

/** The file isn't a database, or is corrupt. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}

/** A transaction failed during its commit, so it's unknown whether its changes were made. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

/** The first use of a credential could not be recorded, so the request must be refused. */
export class UseNotRecorded extends Error {
  override readonly name = 'UseNotRecorded'
}

/** The session isn't valid anymore, or its user isn't an operator anymore. Nothing was changed. */
export class OperatorEnded extends Error {
  override readonly name = 'OperatorEnded'
}

/** The change is about an operator, whom only commands on the server can change in this way. */
export class OperatorProtected extends Error {
  override readonly name = 'OperatorProtected'
}

/** A row violates a unique index. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** The registry is being moved to another database, or was moved there. */
export class RegistryMoved extends Error {
  override readonly name = 'RegistryMoved'
  /** @param isOver whether the other database is complete */
  constructor(readonly isOver: boolean) {
    super(isOver ? 'the registry was moved to another database' : 'the registry is being moved to another database')
  }
}

/** A newer version of the registry wrote the database. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema'
  constructor(migration: string) {
    super(`the database was written by a newer version (migration ${migration})`)
  }
}
