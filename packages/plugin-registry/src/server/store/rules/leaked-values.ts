import {all, type Port, type Rule, run, type Step, together} from '../port.js'
import type {Actor, LeakStore} from '../store.js'
import {recordChange} from './audit.js'
import {endFamily} from './session-rows.js'
import {wasResponseLost} from './sessions.js'
import {tables} from './tables.js'
import {endValue} from './token-values.js'

type Row<Found> = Found extends Step<(infer Each)[]> ? Each : never

function findTokenValues(hashes: readonly Uint8Array[]) {
  return all(
    tables
      .selectFrom('token_values')
      .innerJoin('tokens', 'tokens.id', 'token_values.token_id')
      .select(['tokens.id', 'tokens.label', 'tokens.revoked_at'])
      .select(['token_values.id as value_id', 'token_values.expires_at', 'token_values.ends_at'])
      .select('token_values.displaced_by')
      .where('token_values.hash', 'in', hashes),
  )
}

function findExchanged(hashes: readonly Uint8Array[]) {
  return all(tables.selectFrom('exchanged_tokens').select(['id', 'expires_at', 'ended_at']).where('hash', 'in', hashes))
}

function findSessions(column: 'access_hash' | 'refresh_hash', hashes: readonly Uint8Array[]) {
  return all(tables.selectFrom('sessions').selectAll().where(column, 'in', hashes))
}

type TokenValue = Row<ReturnType<typeof findTokenValues>>

type ExchangedToken = Row<ReturnType<typeof findExchanged>>

type Session = Row<ReturnType<typeof findSessions>>

/** The changes that a report makes. They are recorded with the report's note. */
class LeakResponse {
  /** The tokens and sessions that this report already handled. */
  readonly #done = new Set<string>()

  constructor(
    private readonly by: Actor,
    private readonly note: string | null,
    private readonly now: number,
  ) {}

  *token({id, label, revoked_at, value_id, expires_at, ends_at, displaced_by}: TokenValue): Rule<void> {
    if (this.#done.has(id)) return
    const isOver = [revoked_at !== null, displaced_by !== null, this.#isPast(expires_at), this.#isPast(ends_at)]
    if (isOver.includes(true)) return yield* this.#record('token.leak-report', id, {label})
    if (ends_at !== null) {
      yield* endValue(value_id, this.now)
      return yield* this.#record('token.value-end', id, {label})
    }
    this.#done.add(id)
    yield* run(tables.updateTable('tokens').set({revoked_at: this.now}).where('id', '=', id))
    yield* this.#record('token.revoke', id, {label})
  }

  *exchanged({id, expires_at, ended_at}: ExchangedToken): Rule<void> {
    if (ended_at !== null || this.#isPast(expires_at)) return yield* this.#record('token.leak-report', id)
    yield* run(tables.updateTable('exchanged_tokens').set({ended_at: this.now}).where('id', '=', id))
    yield* this.#record('token.revoke', id)
  }

  *session({family}: Session, isLive: boolean): Rule<void> {
    if (this.#done.has(family)) return
    if (!isLive) return yield* this.#record('session.leak-report', family)
    this.#done.add(family)
    yield* endFamily(family, this.now)
    yield* this.#record('session.end', family)
  }

  *#record(action: string, target: string, detail: Record<string, unknown> = {}): Rule<void> {
    const {by, note, now} = this
    yield* recordChange({at: now, action, by, target, detail: {...detail, reason: 'leak-report', note}})
  }

  #isPast(time: number | null): boolean {
    return time !== null && time <= this.now
  }
}

function* canBeRefreshed(session: Session, grace: number, now: number): Rule<boolean> {
  if (session.revoked_at !== null || session.refresh_expires_at <= now) return false
  return session.replaced_by === null || (yield* wasResponseLost(session, grace, now))
}

export function createLeakStore(port: Port): LeakStore {
  return {
    revoke: ({hashes, note, refreshGrace}, by, now) =>
      port.write(function* () {
        const [values, exchanged, byAccess, byRefresh] = yield* together([
          findTokenValues(hashes),
          findExchanged(hashes),
          findSessions('access_hash', hashes),
          findSessions('refresh_hash', hashes),
        ])
        // Every report writes this row, so that reports of known and unknown values take about the same time.
        yield* recordChange({at: now, action: 'credential.leak-report', by, detail: {values: hashes.length, note}})
        const response = new LeakResponse(by, note, now)
        for (const value of values) yield* response.token(value)
        for (const token of exchanged) yield* response.exchanged(token)
        for (const session of byAccess) {
          yield* response.session(session, session.revoked_at === null && session.expires_at > now)
        }
        for (const session of byRefresh) {
          yield* response.session(session, yield* canBeRefreshed(session, refreshGrace, now))
        }
      }),
  }
}
