import {StoreBusy, StoreDamaged, StoreFull, UniqueViolation} from '../store-errors.js'

/** An error that the server reported (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
export interface ServerError extends Error {
  code: string
  severity: string
}

/** Returns undefined for any other error, such as a broken connection. */
export function asServerError(error: unknown): ServerError | undefined {
  const isServerError =
    error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
  return isServerError ? (error as ServerError) : undefined
}

/** The database can't be used now: no connection, or no response in time. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** Whether a session can still be used after an error. After a fatal one, the server has closed it. */
export function isUsableAfter(error: unknown): boolean {
  return asServerError(error)?.severity === 'ERROR'
}

/** Two transactions conflicted: running one of them again gives the result of running one after the other. */
const conflicts = ['40001', '40P01']

const uniqueViolation = '23505'

/** The server is a standby, which an earlier primary has become. */
const isReadOnly = '25006'

/** A prepared statement is missing. A connection pooler uses another session for each transaction. */
const isNotPrepared = '26000'

/** The server is starting, stopping or has no connections left. */
const unavailable = ['57P01', '57P02', '57P03', '53300']

/** A statement or a lock took too long. */
const timeouts = ['57014', '55P03', '25P03']

const full = ['53100', '53400']

const damaged = ['XX001', 'XX002']

export type Failure = 'conflict' | 'taken' | 'read-only' | 'not-prepared' | 'unavailable' | 'other'

/** Returns why a transaction failed. All but `other` are worth another attempt, if nothing was committed. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectionLost) return 'unavailable'
  const code = asServerError(error)?.code
  if (code === undefined) return 'other'
  if (conflicts.includes(code)) return 'conflict'
  if (code === uniqueViolation) return 'taken'
  if (code === isReadOnly) return 'read-only'
  if (code === isNotPrepared) return 'not-prepared'
  return unavailable.includes(code) || code.startsWith('08') ? 'unavailable' : 'other'
}

/** @returns the store's own error for an error of PostgreSQL, or any other error unchanged */
export function toStoreError(error: unknown): unknown {
  const failure = failureOf(error)
  const {message} = error as Error
  if (failure === 'taken') return new UniqueViolation(message, {cause: error})
  if (failure !== 'other') return new StoreBusy(message, {cause: error})
  const code = asServerError(error)?.code ?? ''
  if (timeouts.includes(code)) return new StoreBusy(message, {cause: error})
  if (full.includes(code)) return new StoreFull(message, {cause: error})
  return damaged.includes(code) ? new StoreDamaged(message, {cause: error}) : error
}
