import pg from 'pg'

import {UnsafeServer} from '../database-errors.js'
import {asServerError, ConnectionLost} from './error-kinds.js'
import {Session} from './session.js'

/** How long a request waits for a connection, in milliseconds. */
const maxWait = 2000

/** How long a connection is used, in seconds, so that a changed password or address takes effect. */
const maxLifetime = 30 * 60

export interface ConnectionOptions {
  /** A `postgres://` URL without a password. */
  url: string
  /** How many connections a process uses at most. */
  pool: number
  /** Finds the password when a connection is opened. Undefined if there is none. */
  password?: (server: {host: string; port: number; database: string; user: string}) => Promise<string | undefined>
}

/** The connections of a process. */
export class Sessions {
  #pool: pg.Pool
  #canPrepare = true

  constructor(private readonly options: ConnectionOptions) {
    this.#pool = this.#open()
  }

  /**
   * Waits for a free connection, or opens one.
   *
   * @throws {ConnectionLost | UnsafeServer}
   */
  async take(): Promise<Session> {
    try {
      return new Session(await this.#pool.connect(), () => this.#canPrepare)
    } catch (error) {
      if (error instanceof UnsafeServer) throw error
      const reason = asServerError(error) ?? (error as Error)
      throw new ConnectionLost(`cannot connect to the database: ${reason.message}`, {cause: error})
    }
  }

  /** Opens new connections from now on, because the server has become a standby. */
  renew(): void {
    const old = this.#pool
    this.#pool = this.#open()
    void old.end()
  }

  /** Prepares no more statements, because a connection pooler assigns another session to each transaction. */
  stopPreparing(): void {
    this.#canPrepare = false
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  #open(): pg.Pool {
    const {url, pool: max, password} = this.options
    const pool = new pg.Pool({
      connectionString: url,
      max,
      application_name: 'apkg',
      connectionTimeoutMillis: maxWait,
      maxLifetimeSeconds: maxLifetime,
      keepAlive: true,
      Client: withPassword(password),
      verify: (client: pg.PoolClient, done: (error?: Error) => void) => {
        assertSafe(client).then(() => done(), done)
      },
    })
    // An idle connection that breaks is removed from the pool. Without a listener, it would end the process.
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    return pool
  }
}

/** A URL without a password overrides the option of pg, so the password is set afterwards. */
function withPassword(find: ConnectionOptions['password']): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      const {host, port, database, user} = this
      const password = () => find?.({host, port, database: database ?? '', user: user ?? ''})
      // Without a function, pg would look for a password file and warn about it.
      Object.defineProperty(this, 'password', {value: password, writable: true, enumerable: false})
    }
  }
}

/** @throws {UnsafeServer} */
async function assertSafe(client: pg.PoolClient): Promise<void> {
  const {rows} = await client.query<{fsync: string; commit: string; encoding: string; version: string}>(`
    SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('server_encoding') AS encoding, current_setting('server_version_num') AS version`)
  const [row] = rows
  if (!row) throw new UnsafeServer('the server does not report its settings')
  if (Number(row.version) < 150_000) throw new UnsafeServer('PostgreSQL 15 or newer is required')
  if (row.fsync !== 'on') throw new UnsafeServer('fsync is off, so a crash would lose acknowledged changes')
  if (row.commit === 'off') {
    throw new UnsafeServer('synchronous_commit is off, so a crash would lose acknowledged changes')
  }
  if (row.encoding !== 'UTF8') throw new UnsafeServer(`the encoding of the database is ${row.encoding}, not UTF8`)
}
