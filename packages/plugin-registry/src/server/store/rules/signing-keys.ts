import {formatIntegrity} from '@apkg/package-format'
import {
  generateKeyPair,
  keyIdOf,
  keyRotationStatement,
  parseSeed,
  registryStatement,
  signWith,
  toBase64,
  trustedPublisherStatement,
} from '@apkg/package-format/signing'
import type {Selectable} from 'kysely'

import {all, first, type Port, type Rule, run, statement, type Step, together} from '../port.js'
import type {PublisherOrigin} from '../publisher-origin.js'
import type {Schema} from '../schema.js'
import type {SecretBox} from '../secret-box.js'
import type {SigningKey, SigningKeyStore} from '../store.js'
import {operator} from '../store.js'
import {recordChange} from './audit.js'
import {tables} from './tables.js'

type Row = Selectable<Schema['signing_keys']>

interface ActiveKey {
  id: number
  key_id: string
  sealed_seed: Uint8Array
}

// This runs for every packument, so it is handwritten and prepared once.
const findActive = statement<ActiveKey>(`SELECT id, key_id, sealed_seed FROM signing_keys WHERE status = 'active'`)

export function activeSigningKey(): Step<ActiveKey | undefined> {
  return first(findActive())
}

const versions = `
  SELECT v.id, p.name, v.version, v.sha256, v.published_at, v.signer, v.trusted_publisher FROM versions v JOIN packages p ON p.id = v.package_id`

const findAll = statement<VersionRow>(versions)

const findOne = statement<VersionRow>(`${versions} WHERE p.name = ?1 AND v.version = ?2`)

const findUnattested = statement<VersionRow>(`${versions}
  WHERE NOT EXISTS (
    SELECT 1 FROM version_signatures s JOIN signing_keys k ON k.id = s.signing_key
    WHERE s.version_id = v.id AND s.attestation IS NOT NULL AND k.status <> 'revoked')`)

const nextRevision = statement('UPDATE packages SET revision = revision + 1 WHERE name = ?1')

interface VersionRow {
  id: number
  name: string
  version: string
  sha256: string
  published_at: number
  signer: string | null
  trusted_publisher: string | null
}

/** Signs versions with the registry's active key. */
export class RegistrySigner {
  /** Decrypted seeds by key. */
  readonly #seeds = new Map<string, Uint8Array>()

  constructor(private readonly box: SecretBox) {}

  /** Signs a new version. */
  *attest({name, version}: {name: string; version: string}, now: number): Rule<void> {
    const [row, active] = yield* together([first(findOne(name, version)), activeSigningKey()])
    if (!row) throw new Error(`${name}@${version} was added but is missing`)
    const key = active ?? (yield* this.create(undefined, now))
    yield* this.#sign(key, row, {withStatement: true})
  }

  /** Signs all versions. */
  *attestAll(key: ActiveKey, options: {withStatement: boolean}): Rule<void> {
    for (const row of yield* all(findAll())) yield* this.#sign(key, row, options)
  }

  /** Signs versions without a valid attestation, which were published before the registry had a key. */
  *attestMissing(key: ActiveKey): Rule<void> {
    const rows = yield* all(findUnattested())
    for (const row of rows) yield* this.#sign(key, row, {withStatement: true})
    // Clients may have cached these packuments without the attestation. A new revision changes the ETag.
    for (const name of new Set(rows.map((row) => row.name))) yield* run(nextRevision(name))
  }

  /** Creates a key that is signed by the previous one. */
  *create(previous: ActiveKey | undefined, now: number): Rule<ActiveKey> {
    const {publicKey, seed} = generateKeyPair()
    const keyId = keyIdOf(publicKey)
    const newPublicKey = toBase64(publicKey)
    const rotation = previous && {
      oldKeyId: previous.key_id,
      newKeyId: keyId,
      newPublicKey,
      rotatedAt: new Date(now).toISOString(),
    }
    const signature = previous && rotation ? signWith(this.#seedOf(previous), keyRotationStatement(rotation)) : null
    const added = tables.insertInto('signing_keys').values({
      key_id: keyId,
      public_key: newPublicKey,
      sealed_seed: this.box.seal(toBase64(seed), `signing-key:${keyId}`),
      status: 'active',
      created_at: now,
      rotated_from: previous?.key_id ?? null,
      rotation_signature: signature,
    })
    const [, created] = yield* together([run(added), activeSigningKey()])
    if (created?.key_id !== keyId) throw new Error('The new signing key is not the active one')
    return created
  }

  #sign(key: ActiveKey, row: VersionRow, {withStatement}: {withStatement: boolean}): Step<number> {
    const {id, name, version, sha256, signer, trusted_publisher: trustedPublisher} = row
    const integrity = formatIntegrity(Buffer.from(sha256, 'hex'))
    const publishedAt = new Date(row.published_at).toISOString()
    const subject = {keyId: key.key_id, name, version, integrity, publishedAt}
    const seed = this.#seedOf(key)
    const attestation = withStatement ? signWith(seed, registryStatement({...subject, signer: signer ?? ''})) : null
    const origin = trustedPublisher === null ? undefined : (JSON.parse(trustedPublisher) as PublisherOrigin)
    const originStatement = withStatement && origin ? trustedPublisherStatement({...subject, origin}) : undefined
    const originAttestation = originStatement ? signWith(seed, originStatement) : null
    return run(
      tables
        .insertInto('version_signatures')
        .values({
          version_id: id,
          signing_key: key.id,
          over_integrity: signWith(seed, Buffer.from(integrity)),
          attestation,
          origin_attestation: originAttestation,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['version_id', 'signing_key'])
            .doUpdateSet({attestation, origin_attestation: originAttestation}),
        ),
    )
  }

  #seedOf({key_id, sealed_seed}: ActiveKey): Uint8Array {
    const known = this.#seeds.get(key_id)
    if (known) return known
    const seed = parseSeed(this.box.open(sealed_seed, `signing-key:${key_id}`))
    if (!seed) throw new Error('A signing key in the database is damaged')
    this.#seeds.set(key_id, seed)
    return seed
  }
}

export function createSigningKeyStore(port: Port, signer: RegistrySigner): SigningKeyStore {
  const findKeys = () => all(tables.selectFrom('signing_keys').selectAll().orderBy('id', 'desc'))

  return {
    ensure: (now) =>
      port.write(function* () {
        const present = yield* activeSigningKey()
        const key = present ?? (yield* signer.create(undefined, now))
        yield* signer.attestMissing(key)
        if (present) return
        yield* recordChange({at: now, action: 'signing-key.create', by: operator, target: key.key_id})
      }),

    list: async () => (await port.ask(findKeys())).map(toSigningKey),

    rotate: (reason, by, now) =>
      port.write(function* () {
        const previous = yield* activeSigningKey()
        if (previous) {
          const status = reason === 'key-compromise' ? 'revoked' : 'retired'
          yield* run(tables.updateTable('signing_keys').set({status, expires_at: now}).where('id', '=', previous.id))
        }
        const key = yield* signer.create(previous, now)
        yield* signer.attestAll(key, {withStatement: reason === 'key-compromise' || !previous})
        const detail = {reason, predecessor: previous?.key_id ?? null}
        yield* recordChange({at: now, action: 'signing-key.rotate', by, target: key.key_id, detail})
        const [newest] = yield* findKeys()
        if (!newest) throw new Error('The new signing key is missing')
        return toSigningKey(newest)
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
