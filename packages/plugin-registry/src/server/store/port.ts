import type {Compilable, OperationNodeSource} from 'kysely'

import type {Dialect} from './dialect.js'

export type Value = null | number | bigint | string | Uint8Array

/** A query of kysely, which each engine compiles for its dialect, or a statement written by hand. */
export type Query<Row = unknown> = BuiltQuery<Row> | Statement<Row>

export type BuiltQuery<Row = unknown> = Compilable<Row> & OperationNodeSource

/** SQL that every dialect understands, or the name of SQL that differs by dialect. */
export type StatementText = string | {readonly dialect: keyof Dialect}

/** A statement with its parameters. Its text has the placeholders `?1`, `?2` and so on, and is prepared once. */
export class Statement<Row = unknown> {
  declare readonly row: Row

  constructor(
    readonly text: StatementText,
    readonly parameters: readonly Value[],
  ) {}
}

/** For statements that run too often to be built each time. */
export function statement<Row = unknown>(text: StatementText): (...parameters: Value[]) => Statement<Row> {
  return (...parameters) => new Statement<Row>(text, parameters)
}

/** A query and what to take from its result. `yield*` it in a rule to get that. */
export class Step<Result> {
  constructor(
    readonly take: 'first' | 'all' | 'changes',
    readonly query: Query,
  ) {}

  *[Symbol.iterator](): Generator<Ask, Result> {
    return (yield this) as Result
  }
}

/** Several queries in one round trip, in order. */
export class Together<Results extends readonly unknown[]> {
  constructor(readonly steps: readonly Step<unknown>[]) {}

  *[Symbol.iterator](): Generator<Ask, Results> {
    return (yield this) as Results
  }
}

/** One round trip to the database. */
export type Ask<Result = unknown> = Step<Result> | Together<Result & readonly unknown[]>

/**
 * Reads, decides and writes. It yields its round trips, and an engine answers them, so the same rule runs on a synchronous
 * and on an asynchronous database. An engine may run it again from the start, so it changes nothing outside the database.
 */
export type Rule<Result> = Generator<Ask, Result>

/** The first row. */
export function first<Row>(query: Query<Row>): Step<Row | undefined> {
  return new Step('first', query)
}

/** All rows. */
export function all<Row>(query: Query<Row>): Step<Row[]> {
  return new Step('all', query)
}

/** The number of changed rows. */
export function run(query: Query): Step<number> {
  return new Step('changes', query)
}

type Results<Steps extends readonly Step<unknown>[]> = {
  -readonly [Position in keyof Steps]: Steps[Position] extends Step<infer Result> ? Result : never
}

export function together<const Steps extends readonly Step<unknown>[]>(steps: Steps): Together<Results<Steps>> {
  return new Together(steps)
}

/** A database that runs rules. Errors are those of `store-errors.ts`. */
export interface Port {
  /** Reads with one round trip. The queries of a `Together` can see different states of the database. */
  ask<Result>(ask: Step<Result>): Promise<Result>
  ask<Results extends readonly unknown[]>(ask: Together<Results>): Promise<Results>
  /** Runs a rule that only reads, on one snapshot of the database. */
  read<Result>(rule: () => Rule<Result>): Promise<Result>
  /**
   * Runs a rule in a transaction. The promise is fulfilled once the transaction is durable. If the rule throws, its
   * changes are rolled back, and no one else's.
   *
   * @param options.ifTaken the result if a row violates a unique index. Everything is rolled back. Without it, the
   *   promise is rejected with a UniqueViolation.
   */
  write<Result>(rule: () => Rule<Result>, options?: {ifTaken: Result}): Promise<Result>
  /** Finishes pending writes. */
  close(): Promise<void>
}
