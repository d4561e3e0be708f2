import {setTimeout as sleep} from 'node:timers/promises'

import {type Ask, type Port, type Rule, type Step, Together} from '../port.js'
import {OutcomeUnknown, UniqueViolation} from '../store-errors.js'
import {type Command, compile, nameOf} from './compile.js'
import {DatabaseClock} from './database-clock.js'
import {asServerError, failureOf, toStoreError} from './error-kinds.js'
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

/** How long to wait for an answer, in milliseconds. Longer, so that usually the server reports the reason. */
const answerTimeout = statementTimeout + 2000

const settings = {
  statement_timeout: String(statementTimeout),
  lock_timeout: String(statementTimeout),
  idle_in_transaction_session_timeout: String(idleTimeout),
}

const beginSerializable = command('BEGIN ISOLATION LEVEL SERIALIZABLE')
// A scan of a whole table conflicts with every row that others add to it. Small tables would be scanned otherwise.
const configureWrite = configure({...settings, enable_seqscan: 'off'})

const beginWrite = [beginSerializable, configureWrite]
/**
 * Waits for other rules that run again, so that they don't conflict with each other. The lock must be taken before the
 * transaction gets its snapshot, which only `LOCK` and `SET` don't need.
 */
const beginAgain = [
  beginSerializable,
  command(`SET LOCAL lock_timeout = ${maxTime}`),
  command(`LOCK TABLE ${schemaName}.turns IN EXCLUSIVE MODE`),
  configureWrite,
]
const beginRead = [command('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'), configure(settings)]
const commit = command('COMMIT')
const rollBack = command('ROLLBACK')

/** @param attempt how often it has been run, starting from 1 */
type Transaction<Result> = (session: Session, attempt: number) => Promise<Result>

const readClock = command('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now')

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
          await this.#commit(session)
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

  /** Runs commands and, now and then, looks at the clock of the database in the same round trip. */
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
      const result = toResult(next.value, answers.slice(opening.length))
      opening = []
      next = running.next(result)
    }
    return next.value
  }

  /** @throws {OutcomeUnknown} if the server may have committed */
  async #commit(session: Session): Promise<void> {
    const warnings = session.watchWarnings()
    try {
      await session.run([commit], answerTimeout)
      // The server committed, but gave up waiting for its standby.
      const [warning] = warnings.stop()
      if (warning !== undefined) throw new OutcomeUnknown(warning)
    } catch (error) {
      if (error instanceof OutcomeUnknown) throw error
      // After an error, the transaction was rolled back. After a fatal one, it may have been committed before.
      if (asServerError(error)?.severity === 'ERROR') throw error
      session.destroy()
      throw new OutcomeUnknown('the connection to the database was lost during the commit', {cause: error})
    } finally {
      warnings.stop()
    }
  }
}

function commandsOf(ask: Ask): Command[] {
  const steps: readonly Step<unknown>[] = ask instanceof Together ? ask.steps : [ask]
  return steps.map(({query}) => compile(query))
}

/** Settings of a transaction. */
function configure(values: Record<string, string>): Command {
  const calls = Object.entries(values).map(([name, value]) => `set_config('${name}', '${value}', true)`)
  return command(`SELECT ${calls.join(', ')}`)
}

function command(text: string): Command {
  return {text, parameters: [], name: nameOf(text)}
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

function toResult(ask: Ask, answers: readonly Answer[]): unknown {
  if (!(ask instanceof Together)) return take(ask, answers[0])
  return ask.steps.map((step, position) => take(step, answers[position]))
}

function take({take}: Step<unknown>, answer: Answer | undefined): unknown {
  if (!answer) throw new Error('the database did not answer a query')
  if (take === 'first') return answer.rows[0]
  return take === 'all' ? answer.rows : answer.count
}
