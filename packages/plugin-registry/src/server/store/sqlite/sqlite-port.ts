import {createQueryId, type RootOperationNode, SqliteQueryCompiler} from 'kysely'

import {type Ask, type Port, type Rule, Statement, type StatementText, type Step, Together} from '../port.js'
import {UniqueViolation} from '../store-errors.js'
import {bindable, type Connection} from './connection.js'
import {sqliteDialect} from './dialect.js'
import type {SqliteStatement, SqliteValue} from './driver.js'

/**
 * Runs rules synchronously on one connection. With an `await` in a transaction, other requests would see uncommitted
 * changes.
 */
export class SqlitePort implements Port {
  readonly #compiler = new SqliteQueryCompiler()
  readonly #queryId = createQueryId()

  constructor(private readonly connection: Connection) {}

  async ask<Result>(ask: Ask<Result>): Promise<Result> {
    return this.#answer(ask) as Result
  }

  async read<Result>(rule: () => Rule<Result>): Promise<Result> {
    return this.connection.read(() => this.#drive(rule()))
  }

  async write<Result>(rule: () => Rule<Result>, options?: {ifTaken: Result}): Promise<Result> {
    try {
      return await this.connection.write(() => this.#drive(rule()))
    } catch (error) {
      if (options && error instanceof UniqueViolation) return options.ifTaken
      throw error
    }
  }

  async close(): Promise<void> {
    this.connection.close()
  }

  #drive<Result>(rule: Rule<Result>): Result {
    let next = rule.next()
    while (!next.done) next = (rule as Generator<Ask, Result, unknown>).next(this.#answer(next.value))
    return next.value
  }

  #answer(ask: Ask): unknown {
    return ask instanceof Together ? ask.steps.map((step) => this.#execute(step)) : this.#execute(ask)
  }

  #execute({take, query}: Step<unknown>): unknown {
    if (query instanceof Statement) return execute(take, this.#prepare(query.text), valuesOf(query))
    const {sql, parameters} = this.#compiler.compileQuery(query.toOperationNode() as RootOperationNode, this.#queryId)
    return execute(take, this.connection.prepare(sql), bindable(parameters))
  }

  #prepare(text: StatementText): SqliteStatement {
    return this.connection.prepare(typeof text === 'string' ? text : sqliteDialect.statements[text.dialect])
  }
}

function valuesOf({text, parameters}: Statement): SqliteValue[] {
  if (typeof text === 'string') return bindable(parameters)
  return bindable(parameters.map((value) => (typeof value === 'function' ? value(sqliteDialect) : value)))
}

function execute(take: Step<unknown>['take'], prepared: SqliteStatement, values: SqliteValue[]): unknown {
  if (take === 'first') return prepared.get(...values)
  return take === 'all' ? prepared.all(...values) : Number(prepared.run(...values).changes)
}
