import {createHmac, timingSafeEqual} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'

import {compareVersions} from '@apkg/package-format'

import {UnusableDatabase} from '../database-errors.js'
import {deriveKey} from '../derive-key.js'
import {buildIndex} from './build-index.js'
import type {Command} from './compile.js'
import {asServerError} from './error-kinds.js'
import {type Index, type Migration, migrations} from './migrations/index.js'
import type {Answer} from './pipeline.js'
import type {Session} from './session.js'
import type {Sessions} from './sessions.js'
import {schemaName} from './table-names.js'

/** How long a migration can take, and how long it waits for a lock, in milliseconds. Other processes wait for it. */
const maxDuration = 10 * 60_000
const lockTimeout = 2000
const maxAttempts = 10

/** Taken during a migration, so that two processes don't run one at the same time. */
const migrationLock = 7_163_207

interface State {
  applied: string[]
  settings: Map<string, string>
}

/**
 * Creates or updates the tables. Other processes can be using them.
 *
 * @param key if the database has no key yet, it is tied to this one
 * @param known the migrations of this version
 * @returns the names of the migrations that were applied
 * @throws {UnusableDatabase}
 */
export async function migrate(
  sessions: Sessions,
  version: string,
  key: Uint8Array,
  known: readonly Migration[] = migrations,
): Promise<string[]> {
  const applied = await whileLocked(() => inSession(sessions, (session) => migrateIn(session, version, key, known)))
  for (const index of known.flatMap(({indexes = []}) => indexes)) {
    await whileLocked(() => inSession(sessions, (session) => buildIndexIn(session, index)))
  }
  return applied
}

/** Tries again if a lock can't be taken. */
async function whileLocked<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const isLocked = asServerError(error)?.code === '55P03'
      if (!isLocked || attempt === maxAttempts) throw error
      await sleep(500 * attempt)
    }
  }
}

/**
 * Checks that this process can use the database.
 *
 * @throws {UnusableDatabase}
 */
export async function assertUsable(sessions: Sessions, version: string, key: Uint8Array): Promise<void> {
  const state = await inSession(sessions, readState)
  if (!state) throw new UnusableDatabase('no-registry', 'the database has no registry')
  assertVersion(state, version)
  assertKey(state, key)
  const [pending] = pendingIn(state, migrations)
  if (pending) throw new UnusableDatabase('migration-pending', `the database needs the migration ${pending.name}`)
}

/** The timeout is one of the session, because an index can't be built in a transaction. Transactions set their own. */
async function buildIndexIn(session: Session, index: Index): Promise<void> {
  const run = (command: Command) => session.run([command], maxDuration)
  await run(command(`SET lock_timeout = ${lockTimeout}`))
  await buildIndex(run, index)
  await run(command('RESET lock_timeout'))
}

async function migrateIn(
  session: Session,
  version: string,
  key: Uint8Array,
  known: readonly Migration[],
): Promise<string[]> {
  const run = async (...commands: Command[]) => session.run(commands, maxDuration)
  await run(
    command('BEGIN'),
    command(
      `SELECT set_config('lock_timeout', '${lockTimeout}', true), set_config('search_path', '${schemaName}', true)`,
    ),
    command(`SELECT pg_advisory_xact_lock(${migrationLock})`),
  )
  const state = (await readState(session)) ?? (await createSchema(run))
  assertVersion(state, version)
  if (!state.settings.has('key')) await run(addSetting('key', keyCheck(key)))
  else assertKey(state, key)
  const pending = pendingIn(state, known)
  for (const {name, sql, oldestVersion} of pending) {
    await run(...statementsIn(sql).map(command))
    await run({text: `INSERT INTO ${schemaName}.migrations VALUES ($1, $2)`, parameters: [name, Date.now()]})
    if (oldestVersion !== undefined) await run(addSetting('oldest-version', oldestVersion))
  }
  await run(command('COMMIT'))
  return pending.map(({name}) => name)
}

/** Returns undefined if the database has no registry. */
async function readState(session: Session): Promise<State | undefined> {
  const found = await read(session, `SELECT to_regclass('${schemaName}.migrations')::text AS found`)
  if (found[0]?.['found'] === null) return undefined
  const applied = await read(session, `SELECT name FROM ${schemaName}.migrations ORDER BY name`)
  const settings = await read(session, `SELECT name, value FROM ${schemaName}.settings`)
  return {
    applied: applied.map(({name}) => String(name)),
    settings: new Map(settings.map(({name, value}) => [String(name), String(value)])),
  }
}

async function createSchema(run: (...commands: Command[]) => Promise<Answer[]>): Promise<State> {
  await run(
    command(`CREATE SCHEMA IF NOT EXISTS ${schemaName}`),
    command(`CREATE TABLE ${schemaName}.migrations (name text COLLATE "C" PRIMARY KEY, applied_at bigint NOT NULL)`),
    command(`CREATE TABLE ${schemaName}.settings (name text COLLATE "C" PRIMARY KEY, value text COLLATE "C" NOT NULL)`),
  )
  return {applied: [], settings: new Map()}
}

function pendingIn({applied}: State, known: readonly Migration[]): Migration[] {
  return known.filter(({name}) => !applied.includes(name))
}

/** A newer version may have added tables and columns, which this one ignores. */
function assertVersion({settings}: State, version: string): void {
  const oldest = settings.get('oldest-version')
  if (oldest === undefined || compareVersions(version, oldest) >= 0) return
  throw new UnusableDatabase('newer', `the database requires version ${oldest} of the registry or newer`)
}

function assertKey({settings}: State, key: Uint8Array): void {
  const expected = Buffer.from(settings.get('key') ?? '')
  const actual = Buffer.from(keyCheck(key))
  if (expected.length === actual.length && timingSafeEqual(expected, actual)) return
  throw new UnusableDatabase('other-key', 'the database belongs to another secret key')
}

/** Reveals nothing about the key. */
function keyCheck(key: Uint8Array): string {
  return createHmac('sha256', deriveKey(key, 'apkg database key check')).update('apkg').digest('base64')
}

function addSetting(name: string, value: string): Command {
  const text = `INSERT INTO ${schemaName}.settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2`
  return {text, parameters: [name, value]}
}

/** The statements of a migration contain no semicolons. */
function statementsIn(sql: string): string[] {
  return sql
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

async function read(session: Session, text: string): Promise<Record<string, unknown>[]> {
  const [answer] = await session.run([command(text)], maxDuration)
  return answer?.rows ?? []
}

async function inSession<Result>(sessions: Sessions, work: (session: Session) => Promise<Result>): Promise<Result> {
  const session = await sessions.take()
  try {
    const result = await work(session)
    session.release()
    return result
  } catch (error) {
    // Closing the connection ends the transaction.
    session.destroy()
    throw error
  }
}

function command(text: string): Command {
  return {text, parameters: []}
}
