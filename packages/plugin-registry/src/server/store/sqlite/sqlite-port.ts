import {createQueryId, type RootOperationNode, SqliteQueryCompiler} from 'kysely'

import {type Ask, type Port, type Rule, Statement, type StatementText, type Step, Together} from '../port.js'
import {UniqueViolation} from '../store-errors.js'
import {bindable, type Connection} from './connection.js'
import {sqliteDialect} from './dialect.js'
import type {SqliteStatement, SqliteValue} from './driver.js'
import {RowCache} from './row-cache.js'

/**
 * Runs rules synchronously on one connection. With an `await` in a transaction, other requests would see uncommitted
 * changes.
 */
export class SqlitePort implements Port {
  readonly #compiler = new SqliteQueryCompiler()
  readonly #queryId = createQueryId()
  readonly #cache = new RowCache()
  #isWriting = false

  constructor(private readonly connection: Connection) {}

  async ask<Result>(ask: Ask<Result>): Promise<Result> {
    return this.#answer(ask) as Result
  }

  async read<Result>(rule: () => Rule<Result>): Promise<Result> {
    return this.connection.read(() => this.#drive(rule()))
  }

  async write<Result>(rule: () => Rule<Result>, options?: {ifTaken: Result}): Promise<Result> {
    try {
      return await this.connection.write(() => this.#driveWriting(rule()))
    } catch (error) {
      if (options && error instanceof UniqueViolation) return options.ifTaken
      throw error
    }
  }

  async close(): Promise<void> {
    this.connection.close()
  }

  /** A rule that writes sees its own changes, which aren't committed yet. */
  #driveWriting<Result>(rule: Rule<Result>): Result {
    this.#isWriting = true
    try {
      return this.#drive(rule)
    } finally {
      this.#isWriting = false
    }
  }

  #drive<Result>(rule: Rule<Result>): Result {
    let next = rule.next()
    while (!next.done) next = (rule as Generator<Ask, Result, unknown>).next(this.#answer(next.value))
    return next.value
  }

  #answer(ask: Ask): unknown {
    const steps = ask instanceof Together ? ask.steps : [ask]
    if (!this.#isWriting && steps.some(isCacheable)) this.#cache.discardUnless(this.connection.version)
    return ask instanceof Together ? steps.map((step) => this.#execute(step)) : this.#execute(ask)
  }

  #execute(step: Step<unknown>): unknown {
    const {take, query} = step
    if (query instanceof Statement) {
      const values = valuesOf(query)
      const read = () => execute(take, this.#prepare(query.text), values)
      return !this.#isWriting && query.isCacheable ? this.#cache.get(query.text, values, read) : read()
    }
    const {sql, parameters} = this.#compiler.compileQuery(query.toOperationNode() as RootOperationNode, this.#queryId)
    return execute(take, this.connection.prepare(sql), bindable(parameters))
  }

  #prepare(text: StatementText): SqliteStatement {
    return this.connection.prepare(typeof text === 'string' ? text : sqliteDialect.statements[text.dialect])
  }
}

function isCacheable({query}: Step<unknown>): boolean {
  return query instanceof Statement && query.isCacheable
}

function valuesOf({text, parameters}: Statement): SqliteValue[] {
  if (typeof text === 'string') return bindable(parameters)
  return bindable(parameters.map((value) => (typeof value === 'function' ? value(sqliteDialect) : value)))
}

function execute(take: Step<unknown>['take'], prepared: SqliteStatement, values: SqliteValue[]): unknown {
  if (take === 'first') return prepared.get(...values)
  return take === 'all' ? prepared.all(...values) : Number(prepared.run(...values).changes)
}
