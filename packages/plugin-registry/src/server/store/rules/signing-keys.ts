import {formatIntegrity} from '@apkg/package-format'
import {
  generateKeyPair,
  keyIdOf,
  keyRotationStatement,
  parseSeed,
  registryStatement,
  signWith,
  toBase64,
} from '@apkg/package-format/signing'
import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {SecretBox} from '../secret-box.js'
import type {SigningKey, SigningKeyStore} from '../store.js'
import {operator} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'

type Row = Selectable<Schema['signing_keys']>

interface ActiveKey {
  id: number
  key_id: string
  sealed_seed: Uint8Array
}

// This runs for every packument, so it is written by hand and prepared once.
const findActive = `SELECT id, key_id, sealed_seed FROM signing_keys WHERE status = 'active'`

export function activeSigningKey(connection: Connection): ActiveKey | undefined {
  return connection.prepare(findActive).get() as ActiveKey | undefined
}

const findVersions = `
  SELECT v.id, p.name, v.version, v.sha256, v.published_at, v.signer FROM versions v JOIN packages p ON p.id = v.package_id`

const findUnattested = `${findVersions}
  WHERE NOT EXISTS (
    SELECT 1 FROM version_signatures s JOIN signing_keys k ON k.id = s.signing_key
    WHERE s.version_id = v.id AND s.attestation IS NOT NULL AND k.status <> 'revoked')`

interface VersionRow {
  id: number
  name: string
  version: string
  sha256: string
  published_at: number
  signer: string | null
}

/** Signs versions with the registry's active key, in the open transaction. */
export class RegistrySigner {
  /** Decrypted seeds by key id. */
  readonly #seeds = new Map<number, Uint8Array>()

  constructor(
    private readonly connection: Connection,
    private readonly box: SecretBox,
  ) {}

  /** Signs a new version. */
  attest({name, version}: {name: string; version: string}, now: number): void {
    const key = activeSigningKey(this.connection) ?? this.create(undefined, now)
    const row = this.connection.prepare(`${findVersions} WHERE p.name = ? AND v.version = ?`).get(name, version)
    this.#sign(key, row as VersionRow, {withStatement: true})
  }

  /** Signs all versions. */
  attestAll(key: ActiveKey, options: {withStatement: boolean}): void {
    for (const row of this.connection.prepare(findVersions).all() as VersionRow[]) this.#sign(key, row, options)
  }

  /** Signs the versions without a valid attestation: those that were published before the registry had a key. */
  attestMissing(key: ActiveKey): void {
    const rows = this.connection.prepare(findUnattested).all() as VersionRow[]
    for (const row of rows) this.#sign(key, row, {withStatement: true})
    // Clients have these packuments without the attestation. A new revision is a new ETag.
    const bump = this.connection.prepare('UPDATE packages SET revision = revision + 1 WHERE name = ?')
    for (const name of new Set(rows.map((row) => row.name))) bump.run(name)
  }

  /** Creates a key that is signed by the previous one. */
  create(previous: ActiveKey | undefined, now: number): ActiveKey {
    const {publicKey, seed} = generateKeyPair()
    const keyId = keyIdOf(publicKey)
    const newPublicKey = toBase64(publicKey)
    const rotation = previous && {
      oldKeyId: previous.key_id,
      newKeyId: keyId,
      newPublicKey,
      rotatedAt: new Date(now).toISOString(),
    }
    this.connection.run(
      this.connection.build.insertInto('signing_keys').values({
        key_id: keyId,
        public_key: newPublicKey,
        sealed_seed: this.box.seal(toBase64(seed), `signing-key:${keyId}`),
        status: 'active',
        created_at: now,
        rotated_from: previous?.key_id ?? null,
        rotation_signature:
          previous && rotation ? signWith(this.#seedOf(previous), keyRotationStatement(rotation)) : null,
      }),
    )
    const created = activeSigningKey(this.connection)
    if (created?.key_id !== keyId) throw new Error('The new signing key is not the active one')
    return created
  }

  #sign(key: ActiveKey, row: VersionRow, {withStatement}: {withStatement: boolean}): void {
    const {id, name, version, sha256, published_at: publishedAt, signer} = row
    const integrity = formatIntegrity(Buffer.from(sha256, 'hex'))
    const statement = {
      ...{keyId: key.key_id, name, version, integrity, signer: signer ?? ''},
      publishedAt: new Date(publishedAt).toISOString(),
    }
    const seed = this.#seedOf(key)
    const attestation = withStatement ? signWith(seed, registryStatement(statement)) : null
    this.connection.run(
      this.connection.build
        .insertInto('version_signatures')
        .values({
          version_id: id,
          signing_key: key.id,
          over_integrity: signWith(seed, Buffer.from(integrity)),
          attestation,
        })
        .onConflict((conflict) => conflict.columns(['version_id', 'signing_key']).doUpdateSet({attestation})),
    )
  }

  #seedOf({id, key_id, sealed_seed}: ActiveKey): Uint8Array {
    const known = this.#seeds.get(id)
    if (known) return known
    const seed = parseSeed(this.box.open(sealed_seed, `signing-key:${key_id}`))
    if (!seed) throw new Error('A signing key in the database is damaged')
    this.#seeds.set(id, seed)
    return seed
  }
}

export function createSigningKeyStore(connection: Connection, signer: RegistrySigner): SigningKeyStore {
  const {build} = connection

  function list(): SigningKey[] {
    return connection.all(build.selectFrom('signing_keys').selectAll().orderBy('id', 'desc')).map(toSigningKey)
  }

  function newest(): SigningKey {
    const [key] = list()
    if (!key) throw new Error('The new signing key is missing')
    return key
  }

  return {
    ensure: (now) =>
      connection.write(() => {
        const present = activeSigningKey(connection)
        const key = present ?? signer.create(undefined, now)
        signer.attestMissing(key)
        if (present) return
        recordChange(connection, {at: now, action: 'signing-key.create', by: operator, target: key.key_id})
      }),

    list: async () => list(),

    rotate: (reason, by, now) =>
      connection.write(() => {
        const previous = activeSigningKey(connection)
        if (previous) {
          const status = reason === 'key-compromise' ? 'revoked' : 'retired'
          connection.run(build.updateTable('signing_keys').set({status, expires_at: now}).where('id', '=', previous.id))
        }
        const key = signer.create(previous, now)
        signer.attestAll(key, {withStatement: reason === 'key-compromise' || !previous})
        const detail = {reason, predecessor: previous?.key_id ?? null}
        recordChange(connection, {at: now, action: 'signing-key.rotate', by, target: key.key_id, detail})
        return newest()
      }),
  }
}

function toSigningKey(row: Row): SigningKey {
  const {rotated_from: keyId, rotation_signature: signature} = row
  return {
    keyId: row.key_id,
    publicKey: row.public_key,
    status: row.status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    rotatedFrom: keyId === null || signature === null ? null : {keyId, signature},
  }
}
