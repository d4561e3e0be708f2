import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {chownSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

import pg from 'pg'

import {migratePostgres, type PostgresOptions} from '../../src/server/store/postgres/index.js'
import {schemaName, tableNames} from '../../src/server/store/postgres/table-names.js'

/** Debian installs each major version in its own directory. */
const installations = '/usr/lib/postgresql'

/** What a test may be skipped for. With `CI=true`, it fails instead. */
const notInstalled = 'PostgreSQL is not installed'

export const key = new Uint8Array(32)
export const version = '0.1.0'

/** Returns the directory of the newest server's programs. */
function findPrograms(): string | undefined {
  const versions = existsSync(installations) ? readdirSync(installations).map(Number) : []
  const newest = versions.sort((a, b) => b - a)[0]
  const programs = path.join(installations, String(newest), 'bin')
  return existsSync(path.join(programs, 'initdb')) ? programs : undefined
}

/** Whether this machine has a server, for the `skip` option of a test. */
export function skipWithoutPostgres(): string | false {
  return findPrograms() === undefined && process.env['CI'] !== 'true' ? notInstalled : false
}

/** A server of this test process, in a temporary directory, that listens on a Unix socket only. */
export class PostgresServer {
  #template: Promise<string> | undefined
  readonly #emptied: string[] = []
  #count = 0

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly programs: string,
    readonly user: {uid?: number; gid?: number},
  ) {}

  /** Starts a server. It is stopped when this process ends. */
  static async start(settings: Record<string, string> = {}): Promise<PostgresServer> {
    const programs = findPrograms()
    if (programs === undefined) throw new Error(notInstalled)
    const folder = mkdtempSync(path.join(hasMemory() ? memory : tmpdir(), 'apkg-postgres-'))
    const user = unprivilegedUser()
    if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
    const server = new PostgresServer(folder, 5432, programs, user)
    process.once('exit', () => {
      server.stop()
      rmSync(folder, {recursive: true, force: true})
    })
    const data = path.join(folder, 'data')
    const options = [
      '-D',
      data,
      '-U',
      'apkg',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ]
    execFileSync(path.join(programs, 'initdb'), options, {...user, cwd: folder, stdio: 'pipe'})
    await server.run(settings)
    return server
  }

  /** Starts the server again after `stop`. */
  async run(settings: Record<string, string> = {}): Promise<void> {
    const all = {listen_addresses: '', unix_socket_directories: this.folder, max_connections: '200', ...settings}
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(path.join(this.programs, 'postgres'), ['-D', path.join(this.folder, 'data'), ...flags], {
      ...this.user,
      cwd: this.folder,
      stdio: 'ignore',
    })
    child.unref()
    for (let attempt = 1; ; attempt++) {
      try {
        await this.query('postgres', 'SELECT 1')
        return
      } catch (error) {
        if (attempt === 500 || child.exitCode !== null) throw error
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  }

  /** Stops the server as a crash would. */
  stop(): void {
    const flags = ['-D', path.join(this.folder, 'data'), '-m', 'immediate', '-w', 'stop']
    spawnSync(path.join(this.programs, 'pg_ctl'), flags, {...this.user, cwd: this.folder})
  }

  /** Where clients connect. */
  get socket(): {path: string} {
    return {path: `${this.folder}/.s.PGSQL.${this.port}`}
  }

  /** @param proxy a TCP proxy in front of the server, if it should be used */
  urlOf(database: string, proxy?: {port: number}): string {
    if (proxy) return `postgres://apkg@127.0.0.1:${proxy.port}/${database}`
    return `postgres://apkg@${encodeURIComponent(this.folder)}:${this.port}/${database}`
  }

  async query(database: string, sql: string, parameters: unknown[] = []): Promise<Record<string, any>[]> {
    const client = new pg.Client({connectionString: this.urlOf(database)})
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(sql, parameters)).rows
    } finally {
      await client.end()
    }
  }

  /** Creates a database, from a template if there is one. @returns its name */
  async createDatabase(template = 'template0'): Promise<string> {
    const name = `test_${++this.#count}`
    await this.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
    return name
  }

  async dropDatabase(name: string): Promise<void> {
    await this.query('postgres', `DROP DATABASE ${name} WITH (FORCE)`)
  }

  /**
   * Creates the database of an empty registry.
   *
   * @param t a test. After it, the database is dropped.
   */
  async createRegistry(t?: Pick<TestContext, 'after'>): Promise<PostgresOptions & {database: string}> {
    const database = await this.createDatabase(await (this.#template ??= this.#createTemplate()))
    t?.after(() => this.dropDatabase(database))
    return {database, url: this.urlOf(database), pool: 4, key, version}
  }

  /** Like `createRegistry`, but takes a database that was emptied if there is one, which is faster. */
  async takeRegistry(): Promise<PostgresOptions & {database: string}> {
    const database = this.#emptied.pop()
    return database === undefined ? this.createRegistry() : {database, url: this.urlOf(database), pool: 4, key, version}
  }

  /** Empties the tables of a registry that is no longer used. */
  async emptyRegistry(database: string): Promise<void> {
    const tables = tableNames.filter((name) => name !== 'migrations' && name !== 'settings')
    const names = tables.map((name) => `${schemaName}.${name}`).join(', ')
    await this.query(database, `SET lock_timeout = 10000; TRUNCATE ${names} RESTART IDENTITY`)
    this.#emptied.push(database)
  }

  async #createTemplate(): Promise<string> {
    const name = await this.createDatabase()
    await migratePostgres({url: this.urlOf(name), pool: 1, key, version})
    return name
  }
}

let shared: Promise<PostgresServer> | undefined

/** Returns a server that all tests of this process share. */
export function postgresServer(): Promise<PostgresServer> {
  return (shared ??= PostgresServer.start())
}

/** Where syncing a file costs nothing. The registry refuses a server that doesn't sync. */
const memory = '/dev/shm'

/** Whether some databases fit into memory. */
function hasMemory(): boolean {
  if (!existsSync(memory)) return false
  const {bavail, bsize} = statfsSync(memory)
  return bavail * bsize > 2 * 1024 ** 3
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): {uid?: number; gid?: number} {
  if (process.getuid?.() !== 0) return {}
  const {stdout, status} = spawnSync('id', ['-u', 'postgres'], {encoding: 'utf8'})
  const name = status === 0 && stdout !== '' ? 'postgres' : 'nobody'
  const idOf = (flag: string) => Number(execFileSync('id', [flag, name], {encoding: 'utf8'}))
  return {uid: idOf('-u'), gid: idOf('-g')}
}
