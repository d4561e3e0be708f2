import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {blobOpener} from '../../src/operator/open-blobs.js'
import type {BlobStore} from '../../src/server/blobs/blob-store.js'
import {openDataFolder} from '../../src/server/operations/data-folder.js'
import {openToServe} from '../../src/server/operations/open-registry.js'
import {databaseSealingKey, openPostgresStore} from '../../src/server/operations/open-postgres-store.js'
import {copiedTables} from '../../src/server/store/copy/copied-tables.js'
import {readRows, type Row} from '../../src/server/store/copy/read-rows.js'
import {type OpenTransaction, type Port, run, together} from '../../src/server/store/port.js'
import {openPostgres, type PostgresOptions} from '../../src/server/store/postgres/index.js'
import {openPostgresTransaction} from '../../src/server/store/postgres/open-transaction.js'
import {tables} from '../../src/server/store/rules/tables.js'
import {createSecretBox} from '../../src/server/store/secret-box.js'
import {loadSqlite} from '../../src/server/store/sqlite/driver.js'
import {openSqlite} from '../../src/server/store/sqlite/index.js'
import {openSqliteTransaction} from '../../src/server/store/sqlite/open-transaction.js'
import {operator, type RegistryStore} from '../../src/server/store/store.js'
import {postgresServer} from './postgres-server.js'
import {newPrefix, type S3Server} from './s3-server.js'
import {createWorld, hour, temporaryFolder, type World} from './world.js'

/** A place for a registry: a data directory, or a database with a bucket. */
export interface RegistryPlace {
  kind: 'folder' | 'database'
  /** The flags of commands that work on it. */
  flags: string[]
  key: () => Uint8Array
  sealingKey: () => Uint8Array
  open: () => Promise<{store: RegistryStore; blobs: BlobStore}>
  openPort: () => Promise<Port>
  read: () => Promise<OpenTransaction>
}

/** A data directory, which may not exist yet. */
export function folderPlace(folder: string): RegistryPlace {
  const files = () => openDataFolder(folder, {create: false})
  return {
    kind: 'folder',
    flags: ['--data', folder],
    key: () => files().key,
    sealingKey: () => files().key,
    // A registry that was moved records no more uses.
    async open() {
      const {store, blobs} = await openToServe(folder, () => undefined)
      let closing: Promise<void> | undefined
      // Tests close it before the world does.
      return {store: {...store, close: () => (closing ??= store.close())}, blobs}
    },
    openPort: async () => openSqlite({driver: await loadSqlite(), path: files().database}),
    read: async () => openSqliteTransaction(await loadSqlite(), files().database, 'read'),
  }
}

/**
 * An empty database and an unused prefix of the bucket.
 *
 * @param key the secret key
 */
export async function databasePlace(
  t: TestContext,
  s3: S3Server,
  key: Uint8Array,
  isPrepared = false,
): Promise<
  RegistryPlace & {options: PostgresOptions; database: string; blobs: string; openBlobs: () => Promise<BlobStore>}
> {
  const server = await postgresServer()
  const database = await server.createDatabase()
  t.after(() => server.dropDatabase(database))
  const home = temporaryFolder(t)
  const keyFile = path.join(home, 'secret-key')
  writeFileSync(keyFile, key, {mode: 0o600})
  const options = {url: server.urlOf(database), pool: 4, key, version: '0.1.0'}
  if (isPrepared) {
    const {migrateRegistry} = await import('../../src/server/operations/open-postgres-store.js')
    await migrateRegistry(options)
  }
  const blobs = `s3://apkg/${newPrefix()}data`
  const openBlobs = async () => (await blobOpener(blobs, {env: s3.env}))(temporaryFolder(t))
  return {
    kind: 'database',
    flags: ['--database', options.url, '--secret-key-file', keyFile, '--blobs', blobs],
    key: () => key,
    sealingKey: () => databaseSealingKey(key),
    open: async () => ({store: (await openPostgresStore(options)).store, blobs: await openBlobs()}),
    openPort: () => openPostgres(options),
    read: () => openPostgresTransaction(options, 'read'),
    ...{options, database, blobs, openBlobs},
  }
}

/** A registry in which every table has rows. */
export interface FullRegistry {
  world: World
  token: string
  tokenId: string
  session: string
}

/** Fills a place with a registry. The clock of its world is that of the machine. */
export async function fillRegistry(t: TestContext, place: RegistryPlace): Promise<FullRegistry> {
  const world = await createWorld(t, {}, place.flags[1], place.open)
  await world.addUser('ada')
  await world.addUser('bob')
  await world.enrollMfa('id-of-bob')
  await world.addOrganization('acme', {ada: 'admin', bob: 'reader'})
  const {accessToken: session} = await world.logIn('ada')
  const {token, id: tokenId} = await world.createToken(session, {name: 'ci'})
  assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
  const {id: suspended} = await world.createToken(session, {name: 'suspended'})
  const {id: rotated} = await world.createToken(session, {name: 'rotated'})
  const suspension = {by: 'operator', reason: 'a look'} as const
  await world.store.tokens.suspend({id: suspended}, suspension, operator, world.now())
  const rotation = await world.call('POST', `/auth/tokens/${rotated}/rotate`, {token: session, body: {grace: '1h'}})
  assert.equal(rotation.status, 200, JSON.stringify(rotation.body))
  await world.store.policy.set({maxTokens: 50}, operator, world.now())
  await world.store.packages.beginEpoch('an-epoch')
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
    const dependencies = {'@acme/x': '^1.0.0'}
    const readme = `Reviews code. Überprüft ${version}`
    await world.publish(session, {name: '@ada/tool', version, content: `bytes of ${version}`, readme, dependencies})
  }
  await world.publish(session, {name: '@ada/secret', visibility: 'private', content: 'secret bytes'})
  await world.store.packages.takeDown({name: '@ada/tool', version: '1.0.0', reason: 'bad'}, operator, world.now())
  const port = await place.openPort()
  await port.write(() => addRare(world.now()))
  await port.close()
  for (let sealed = 1; sealed > 0;) sealed = await world.store.auditChain.seal('test', world.now())
  // Not sealed.
  await world.addUser('eve')
  return {world, token, tokenId, session}
}

/** Rows that take many requests to make. */
function* addRare(now: number) {
  const bytes = (text: string) => Buffer.from(text)
  yield* together([
    run(
      tables.insertInto('author_keys').values(
        [
          // Refers to a row that comes later.
          authorKey({
            key_id: 'ed25519:a',
            status: 'retired',
            rotated_to: 'ed25519:b',
            attestation: 'x',
            created_at: now,
          }),
          authorKey({key_id: 'ed25519:b', status: 'active', rotated_to: null, attestation: null, created_at: now}),
        ].toReversed() as never,
      ),
    ),
    run(
      tables
        .insertInto('challenges')
        .values({...{hash: bytes('c'), user_id: 'id-of-bob', attempts: 1, closed_at: null}, expires_at: now + hour}),
    ),
    run(
      tables.insertInto('browser_requests').values({
        ...{
          id: 'r1',
          device_hash: bytes('d'),
          user_code: 'BCDF',
          created_at: now,
          expires_at: now + hour,
          poll_interval: 5,
        },
      } as never),
    ),
    run(
      tables.insertInto('invitations').values({
        ...{
          id: 'l1',
          code_hash: bytes('l'),
          name: 'bob',
          user_id: 'id-of-bob',
          created_at: now,
          expires_at: now + hour,
        },
      } as never),
    ),
    run(tables.insertInto('login_failures').values({key: 'account ada', failures: 3, last_at: now})),
    run(
      tables.insertInto('trusted_publishers').values({
        ...{id: 'p1', scope: 'acme', package: '@acme/tool', provider: 'github', issuer: 'https://github.com'},
        ...{claims: '{"repository":"acme/tool"}', identity: 'x', created_at: now, created_by: 'id-of-ada'},
      } as never),
    ),
    run(
      tables.insertInto('exchanged_tokens').values({
        ...{id: 'e1', publisher_id: 'p1', hash: bytes('e'), prefix: 'apkg_e', jti_hash: bytes('j'), origin: '{}'},
        ...{id_token_hash: bytes('i'), exchanged_at: now, created_at: now, expires_at: now + hour, ended_at: null},
      }),
    ),
    run(
      tables.insertInto('idempotency_keys').values({
        ...{user_id: 'id-of-ada', key_hash: bytes('k'), fingerprint: bytes('f'), value_id: 'v', created_at: now},
      }),
    ),
    run(tables.insertInto('downloads').values({package_id: 1, day: 20_000, count: 3})),
    run(tables.insertInto('most_installed').values({package_id: 1, downloads: 3})),
    run(tables.insertInto('webhook_progress').values({name: 'events', position: 3})),
    run(
      tables.insertInto('webhook_deliveries').values({
        ...{position: 3, type: 'token.revoke', queue: 'q', attempts: 0, due_at: now},
      }),
    ),
  ])
}

function authorKey(row: object) {
  return {user_id: 'id-of-ada', public_key: 'k', name: 'laptop', ...row}
}

/** All rows by table, with the secrets in place of encrypted columns. */
export async function rowsOf(place: RegistryPlace): Promise<Record<string, Row[]>> {
  const transaction = await place.read()
  const box = createSecretBox(place.sealingKey())
  const plain = (row: Row): Row => {
    const {totp_secret: totp, sealed_seed: seed} = row
    if (totp instanceof Uint8Array) return {...row, totp_secret: box.open(totp, String(row['id']))}
    return seed instanceof Uint8Array
      ? {...row, sealed_seed: box.open(seed, `signing-key:${String(row['key_id'])}`)}
      : row
  }
  try {
    const found: Record<string, Row[]> = {}
    for (const table of copiedTables) {
      const rows: Row[] = []
      for await (const page of readRows(transaction, table)) rows.push(...page.map(plain))
      found[table.name] = rows.map((row) => toComparable(row))
    }
    return found
  } finally {
    await transaction.close()
  }
}

/** Leaves out columns that are null, because SQLite has some that nothing uses. */
function toComparable(row: Row): Row {
  const entries = Object.entries(row).filter(([, value]) => value !== null)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value]),
  )
}
