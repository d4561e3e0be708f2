import {setTimeout as sleep} from 'node:timers/promises'

import {assertOpen, markName} from '../move-mark.js'
import type {Ask, Port, Rule} from '../port.js'
import {UniqueViolation} from '../store-errors.js'
import {commandsOf, toResult} from './asks.js'
import {commitIn, configure, preparedCommand} from './commands.js'
import type {Command} from './compile.js'
import {DatabaseClock} from './database-clock.js'
import {failureOf, toStoreError} from './error-kinds.js'
import type {Answer} from './pipeline.js'
import type {Session} from './session.js'
import type {Sessions} from './sessions.js'
import {schemaName} from './table-names.js'

/** How often a rule is run, and for how long, in milliseconds. */
const maxAttempts = 5
const maxTime = 2000

/** How long a statement and a lock can take on the server, and how long a transaction can be idle, in milliseconds. */
const statementTimeout = 5000
const idleTimeout = 10_000

/** How long to wait for a response, in milliseconds. Longer, so that usually the server reports the reason. */
const answerTimeout = statementTimeout + 2000

const settings = {
  statement_timeout: String(statementTimeout),
  lock_timeout: String(statementTimeout),
  idle_in_transaction_session_timeout: String(idleTimeout),
}

const beginSerializable = preparedCommand('BEGIN ISOLATION LEVEL SERIALIZABLE')
// A full table scan conflicts with every row that others add to it. Small tables would be scanned otherwise.
const configureWrite = configure({...settings, enable_seqscan: 'off'})

/** Within the transaction, so that none that began before a move is committed after the move's snapshot. */
const readMark = preparedCommand(`SELECT value FROM ${schemaName}.policy WHERE name = '${markName}'`)

const beginWrite = [beginSerializable, configureWrite, readMark]
/**
 * Waits for other rules that run again, so that they don't conflict with each other. The lock must be taken before the
 * transaction gets its snapshot, which only `LOCK` and `SET` don't need.
 */
const beginAgain = [
  beginSerializable,
  preparedCommand(`SET LOCAL lock_timeout = ${maxTime}`),
  preparedCommand(`LOCK TABLE ${schemaName}.turns IN EXCLUSIVE MODE`),
  configureWrite,
  readMark,
]
const beginRead = [preparedCommand('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'), configure(settings)]
const commit = preparedCommand('COMMIT')
const rollBack = preparedCommand('ROLLBACK')

/** @param attempt how often it has been run, starting from 1 */
type Transaction<Result> = (session: Session, attempt: number) => Promise<Result>

const readClock = preparedCommand('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now')

/** Runs rules on a pool of connections. Each rule uses one connection. */
export class PostgresPort implements Port {
  readonly clock = new DatabaseClock()

  constructor(private readonly sessions: Sessions) {}

  async ask<Result>(ask: Ask<Result>): Promise<Result> {
    return this.#retry(async (session) => {
      const answers = await this.#run(session, commandsOf(ask))
      session.release()
      return toResult(ask, answers) as Result
    })
  }

  async read<Result>(rule: () => Rule<Result>): Promise<Result> {
    return this.#retry(async (session) => {
      const result = await this.#drive(session, beginRead, rule())
      // Nothing was changed, so the caller doesn't have to wait for the end of the transaction.
      session.run([commit], answerTimeout).then(
        () => session.release(),
        () => session.destroy(),
      )
      return result
    })
  }

  async write<Result>(rule: () => Rule<Result>, options?: {ifTaken: Result}): Promise<Result> {
    try {
      return await this.#retry(
        async (session, attempt) => {
          const result = await this.#drive(session, attempt === 1 ? beginWrite : beginAgain, rule())
          await commitIn(session, answerTimeout)
          session.release()
          return result
        },
        // Another transaction may have added the row just now, so the rule gets a chance to find it.
        options === undefined ? maxAttempts : 2,
      )
    } catch (error) {
      if (options && error instanceof UniqueViolation) return options.ifTaken
      throw error
    }
  }

  async close(): Promise<void> {
    await this.sessions.close()
  }

  /**
   * Runs a transaction again if it conflicts with another, or if the connection broke before it was committed.
   *
   * @param maxTaken how often to try if a row violates a unique index
   */
  async #retry<Result>(transaction: Transaction<Result>, maxTaken = maxAttempts): Promise<Result> {
    const began = performance.now()
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(transaction, attempt)
      } catch (error) {
        const failure = failureOf(error)
        if (failure === 'read-only') this.sessions.renew()
        if (failure === 'not-prepared') this.sessions.stopPreparing()
        const isOver = attempt >= (failure === 'taken' ? maxTaken : maxAttempts) || performance.now() - began > maxTime
        if (failure === 'other' || isOver) throw toStoreError(error)
        await sleep(Math.random() * 5 * 2 ** attempt)
      }
    }
  }

  async #attempt<Result>(transaction: Transaction<Result>, attempt: number): Promise<Result> {
    const session = await this.sessions.take()
    try {
      return await transaction(session, attempt)
    } catch (error) {
      await rollBackIn(session)
      throw error
    }
  }

  /** Runs commands and, now and then, reads the database's clock in the same round trip. */
  async #run(session: Session, commands: readonly Command[]): Promise<Answer[]> {
    if (!this.clock.isDue) return session.run(commands, answerTimeout)
    const learn = this.clock.ask()
    const answers = await session.run([...commands, readClock], answerTimeout)
    learn(Number(answers.at(-1)?.rows[0]?.['now']))
    return answers.slice(0, -1)
  }

  /** @param begin sent with the first round trip */
  async #drive<Result>(session: Session, begin: readonly Command[], rule: Rule<Result>): Promise<Result> {
    const running = rule as Generator<Ask, Result, unknown>
    let next = running.next()
    let opening = begin
    while (!next.done) {
      const commands = [...opening, ...commandsOf(next.value)]
      const isFirst = opening.length > 0
      const answers = await (isFirst ? this.#run(session, commands) : session.run(commands, answerTimeout))
      if (opening.at(-1) === readMark) assertOpen(answers[opening.length - 1]?.rows[0]?.['value'] as string | undefined)
      const result = toResult(next.value, answers.slice(opening.length))
      opening = []
      next = running.next(result)
    }
    return next.value
  }
}

/** Ends a transaction that failed, and returns the connection to the pool. */
async function rollBackIn(session: Session): Promise<void> {
  try {
    if (session.isUsable) await session.run([rollBack], answerTimeout)
    session.release()
  } catch {
    // The transaction may still be open, for example if a pooler's server has not prepared `ROLLBACK`. Closing the
    // connection ends it.
    session.destroy()
  }
}
