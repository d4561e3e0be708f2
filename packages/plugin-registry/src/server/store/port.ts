import type {Compilable, OperationNodeSource} from 'kysely'

import type {Dialect, DialectStatements} from './dialect.js'

export type Value = null | number | bigint | string | Uint8Array

/** A kysely query, which each engine compiles for its dialect, or a handwritten statement. */
export type Query<Row = unknown> = BuiltQuery<Row> | Statement<Row>

export type BuiltQuery<Row = unknown> = Compilable<Row> & OperationNodeSource

/** SQL that every dialect understands, or the name of SQL that differs by dialect. */
export type StatementText = string | {readonly dialect: keyof DialectStatements}

/** A value, or one that each dialect writes in its own way. Only statements that differ by dialect have such values. */
export type Parameter = Value | ((dialect: Dialect) => Value)

/** A statement with its parameters. Its text contains the placeholders `?1`, `?2` and so on, and is prepared once. */
export class Statement<Row = unknown> {
  declare readonly row: Row

  constructor(
    readonly text: StatementText,
    readonly parameters: readonly Parameter[],
    readonly isCacheable = false,
  ) {}
}

/**
 * Defines a statement that runs too often to be built each time.
 *
 * @param options.isCacheable whether an engine may return the same rows again while the database is unchanged. They
 *   must not be modified, and the statement has to depend on nothing but its parameters.
 */
export function statement<Row = unknown>(
  text: StatementText,
  {isCacheable} = {isCacheable: false},
): (...parameters: Parameter[]) => Statement<Row> {
  return (...parameters) => new Statement<Row>(text, parameters, isCacheable)
}

/** A query and how to read its result. In a rule, `yield*` returns what was read. */
export class Step<Result> {
  constructor(
    readonly take: 'first' | 'all' | 'changes',
    readonly query: Query,
  ) {}

  *[Symbol.iterator](): Generator<Ask, Result> {
    return (yield this) as Result
  }
}

/** Several queries that run in order, in one round trip. */
export class Together<Results extends readonly unknown[]> {
  constructor(readonly steps: readonly Step<unknown>[]) {}

  *[Symbol.iterator](): Generator<Ask, Results> {
    return (yield this) as Results
  }
}

/** One round trip to the database. */
export type Ask<Result = unknown> = Step<Result> | Together<Result & readonly unknown[]>

/**
 * Reads, decides and writes. A rule yields its round trips and an engine executes them, so the same rule runs on
 * synchronous and asynchronous databases. An engine can restart a rule, so a rule must not change anything outside the
 * database.
 */
export type Rule<Result> = Generator<Ask, Result>

/** Returns the first row. */
export function first<Row>(query: Query<Row>): Step<Row | undefined> {
  return new Step('first', query)
}

/** Returns all rows. */
export function all<Row>(query: Query<Row>): Step<Row[]> {
  return new Step('all', query)
}

/** Returns the number of changed rows. */
export function run(query: Query): Step<number> {
  return new Step('changes', query)
}

type Results<Steps extends readonly Step<unknown>[]> = {
  -readonly [Position in keyof Steps]: Steps[Position] extends Step<infer Result> ? Result : never
}

export function together<const Steps extends readonly Step<unknown>[]>(steps: Steps): Together<Results<Steps>> {
  return new Together(steps)
}

/** A database that runs rules. It throws the errors in `store-errors.ts`. */
export interface Port {
  /** Reads in one round trip. The queries of a `Together` can see different states of the database. */
  ask<Result>(ask: Step<Result>): Promise<Result>
  ask<Results extends readonly unknown[]>(ask: Together<Results>): Promise<Results>
  /** Runs a rule that only reads, on one snapshot of the database. */
  read<Result>(rule: () => Rule<Result>): Promise<Result>
  /**
   * Runs a rule in a transaction. Resolves once the transaction is durable. If the rule throws, only its own changes
   * are rolled back.
   *
   * @param options.ifTaken the result if a row violates a unique index. Everything is rolled back.
   * @throws {UniqueViolation} if a row violates a unique index and `ifTaken` isn't set
   */
  write<Result>(rule: () => Rule<Result>, options?: {ifTaken: Result}): Promise<Result>
  /** Finishes pending writes. */
  close(): Promise<void>
}

/** A transaction that is open for longer than a rule, so that a registry can be copied. */
export interface OpenTransaction {
  readonly ask: Port['ask']
  /** @throws {OutcomeUnknown} if the changes may have been made */
  commit(): Promise<void>
  /** Closes the connection. Changes that weren't committed are discarded. */
  close(): Promise<void>
}

/** Runs a rule within an open transaction. */
export async function runIn<Result>({ask}: Pick<OpenTransaction, 'ask'>, rule: Rule<Result>): Promise<Result> {
  const running = rule as Generator<Ask, Result, unknown>
  let next = running.next()
  while (!next.done) next = running.next(await ask(next.value as Step<unknown>))
  return next.value
}
