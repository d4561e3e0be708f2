import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {blobOpener} from '../../src/operator/open-blobs.js'
import type {BlobStore} from '../../src/server/blobs/blob-store.js'
import {migrateRegistry, openPostgresStore} from '../../src/server/operations/open-postgres-store.js'
import {operator, type RegistryStore} from '../../src/server/store/store.js'
import {freePort, startNginx} from '../proxy/nginx.js'
import {firstLine, stop} from '../proxy/processes.js'
import {hashCheaply} from '../support/cheap-registry.js'
import {PostgresServer, version} from '../support/postgres-server.js'
import {type S3Server, startS3} from '../support/s3-server.js'
import {TcpProxy} from '../support/tcp-proxy.js'
import {type CleanupScope, password, temporaryFolder} from '../support/world.js'
import {sendRequest} from './send-request.js'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../support/serve-process.js', import.meta.url))
const laterVersion = new URL('later-version.js', import.meta.url).href
const location = 's3://apkg/data'

/** One of the two registries, and the proxies between it and its stores. */
export class Replica {
  #child: ChildProcess | undefined
  /** What it logged since it was started. */
  #log = ''

  constructor(
    readonly port: number,
    readonly database: TcpProxy,
    readonly bucket: TcpProxy,
    private readonly spawn: (options: {isLater: boolean}) => ChildProcess,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get log(): string {
    return this.#log
  }

  /** Resolves once it is ready. @param isLater whether it is of a later version */
  async start({isLater} = {isLater: false}): Promise<void> {
    const child = this.spawn({isLater})
    this.#child = child
    this.#log = ''
    child.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()))
    const line = await firstLine(child)
    // An error is printed there, too.
    if (!line.includes('"url"')) throw new Error(line)
    await this.untilReady()
  }

  async untilReady(): Promise<void> {
    while ((await sendRequest(`${this.url}/readyz`, 'GET'))?.status !== 200) await sleep(50)
  }

  async kill(): Promise<void> {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    if (this.#child) await stop(this.#child)
  }
}

export interface Deployment {
  server: PostgresServer
  /** The name of the database. */
  database: string
  s3: S3Server
  replicas: [Replica, Replica]
  /** The address of the proxy in front of both registries. */
  url: string
  /** Access tokens of the sessions of users. */
  sessions: {user: string; session: string}[]
  /** Migrates the database to the later version. @returns the names of the migrations */
  migrateLater: () => Promise<string[]>
  /** Opens the stores as another process would, without the proxies. */
  open: () => Promise<{store: RegistryStore; blobs: BlobStore}>
}

/** Two registries on one database and one bucket, each reached through its own proxies, behind nginx. */
export async function deploy(scope: CleanupScope, users: number): Promise<Deployment> {
  const folder = temporaryFolder(scope)
  const server = await PostgresServer.start()
  scope.after(() => server.stop())
  const database = await server.createDatabase()
  const s3 = await startS3(scope)
  const key = randomBytes(32)
  const keyFile = path.join(folder, 'secret-key')
  await writeFile(keyFile, key, {mode: 0o600})
  await migrateRegistry({url: server.urlOf(database), pool: 1, key, version})

  const open = async () => {
    const {store} = await openPostgresStore({url: server.urlOf(database), pool: 4, key, version})
    return {store, blobs: (await blobOpener(location, {env: s3.env}))(folder)}
  }
  await addUsers(open, users)

  const front = await freePort()
  const startReplica = async (name: string) => {
    const port = await freePort()
    const toDatabase = await TcpProxy.start(scope, server.socket)
    const toBucket = await TcpProxy.start(scope, {host: '127.0.0.1', port: Number(new URL(s3.url).port)})
    const scratch = path.join(folder, name)
    await mkdir(scratch)
    const argv = [
      ...[script, '--json', '--port', String(port), '--database', server.urlOf(database, toDatabase)],
      ...['--secret-key-file', keyFile, '--blobs', location, '--scratch', scratch],
      ...['--public-url', `https://127.0.0.1:${front}`, '--trust-proxy', '127.0.0.1', '--no-web'],
    ]
    const env = {...process.env, ...s3.env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${toBucket.port}`}
    const replica = new Replica(port, toDatabase, toBucket, ({isLater}) =>
      spawn(process.execPath, [...(isLater ? ['--import', laterVersion] : []), ...argv], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    scope.after(() => replica.kill())
    await replica.start()
    return replica
  }
  const replicas: [Replica, Replica] = await Promise.all([startReplica('one'), startReplica('other')])
  await startNginx(scope, front, frontOf(front, replicas))
  const url = `http://127.0.0.1:${front}`
  const migrateLater = () => runLater(['--database', server.urlOf(database), '--secret-key-file', keyFile])
  return {server, database, s3, replicas, url, sessions: await logInAll(url, users), migrateLater, open}
}

/** Runs `registry migrate` of the later version. */
async function runLater(place: readonly string[]): Promise<string[]> {
  const script = fileURLToPath(new URL('../support/migrate-process.js', import.meta.url))
  const {stdout} = await run(process.execPath, ['--import', laterVersion, script, '--json', ...place])
  return (JSON.parse(stdout) as {migrations: string[]}).migrations
}

/** Requests go to both in turn, even after one failed. Responses say which ones were tried. */
function frontOf(port: number, replicas: readonly Replica[]): string {
  const servers = replicas.map((replica) => `server 127.0.0.1:${replica.port} max_fails=0;`).join(' ')
  return `
    upstream registries { ${servers} }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://registries;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_request_buffering off;
        client_max_body_size 52m;
        add_header X-Tried $upstream_addr always;
      }
    }`
}

const nameOf = (user: number) => `user-${user}`

/** Each user has tokens and packages of its own, so that requests only conflict in the database. */
async function addUsers(open: Deployment['open'], users: number): Promise<void> {
  const {store} = await open()
  const passwordHash = await hashCheaply(password)
  for (let user = 0; user < users; user++) {
    const name = nameOf(user)
    await store.users.add({id: name, name, email: `${name}@example.com`, passwordHash}, operator, Date.now())
  }
  await store.policy.set({confirmAfter: 0, failedAuthRate: 0, maxTokens: 100_000}, operator, Date.now())
  await store.close()
}

async function logInAll(url: string, users: number): Promise<Deployment['sessions']> {
  const sessions = []
  for (let user = 0; user < users; user++) {
    const body = {username: nameOf(user), password}
    const answer = await sendRequest(`${url}/auth/login`, 'POST', {body})
    sessions.push({user: nameOf(user), session: String(answer?.body?.accessToken)})
  }
  return sessions
}
