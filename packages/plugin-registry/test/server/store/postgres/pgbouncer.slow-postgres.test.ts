import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {chownSync, existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer, type AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, type TestContext} from 'node:test'

import {openPostgres} from '../../../../src/server/store/postgres/index.js'
import {createStore} from '../../../../src/server/store/rules/index.js'
import {key, type PostgresServer, postgresServer, skipWithoutPostgres} from '../../../support/postgres-server.js'
import {describeConcurrency} from '../concurrency-contract.js'
import {describePort} from '../port-contract.js'

const program = '/usr/sbin/pgbouncer'

const isMissing = !existsSync(program) && process.env['CI'] !== 'true'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts PgBouncer in transaction mode. @returns the URL of a database through it */
async function startBouncer(t: TestContext, server: PostgresServer, database: string): Promise<string> {
  const port = await freePort()
  const folder = mkdtempSync(path.join(tmpdir(), 'apkg-pgbouncer-'))
  t.after(() => {
    rmSync(folder, {recursive: true, force: true})
  })
  const {uid, gid} = server.user
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  const file = path.join(folder, 'pgbouncer.ini')
  writeFileSync(path.join(folder, 'users.txt'), '"apkg" ""\n', {mode: 0o644})
  writeFileSync(
    file,
    `[databases]
${database} = host=${server.folder} port=${server.port} user=apkg
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${path.join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 3
`,
    {mode: 0o644},
  )
  const bouncer = spawn(program, [file], {...server.user, stdio: ['ignore', 'ignore', 'pipe']})
  t.after(() => bouncer.kill('SIGKILL'))
  const log: string[] = []
  for await (const bytes of bouncer.stderr) {
    log.push(String(bytes))
    if (log.join('').includes('process up')) break
  }
  return `postgres://apkg@127.0.0.1:${port}/${database}`
}

describe('the store behind PgBouncer', {skip: isMissing ? 'PgBouncer is not installed' : skipWithoutPostgres()}, () => {
  describePort('PgBouncer in transaction mode', async (t) => {
    const server = await postgresServer()
    const options = await server.createRegistry(t)
    const port = await openPostgres({...options, url: await startBouncer(t, server, options.database)})
    t.after(() => port.close())
    const isCommitted = async (name: string) => {
      const rows = await server.query(options.database, 'SELECT 1 FROM apkg.names WHERE name = $1', [name])
      return rows.length > 0
    }
    return {port, isCommitted}
  })

  describeConcurrency('PgBouncer in transaction mode', async (t) => {
    const server = await postgresServer()
    const options = await server.createRegistry(t)
    const url = await startBouncer(t, server, options.database)
    const open = async () => createStore(await openPostgres({...options, url}), {key})
    const stores = [await open(), await open()]
    t.after(() => Promise.all(stores.map((store) => store.close())))
    return stores
  })
})
