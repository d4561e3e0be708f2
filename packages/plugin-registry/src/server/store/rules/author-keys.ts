import {all, first, type Port, type Rule, run, type Step} from '../port.js'
import type {Schema} from '../schema.js'
import type {AuthorKey, AuthorKeyStore, UserCredential, NewKey, Possession, RevocationReason} from '../store.js'
import {recordChange} from './audit.js'
import {isValid} from './package-authority.js'
import {tables} from './tables.js'

export type AuthorKeyRow = Schema['author_keys'] & {username: string}

export function toAuthorKey(row: AuthorKeyRow): AuthorKey {
  const {rotated_to: successor, attestation} = row
  return {
    keyId: row.key_id,
    publicKey: row.public_key,
    name: row.name,
    username: row.username,
    status: row.status,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    reason: row.reason as RevocationReason | null,
    rotatedTo: successor === null || attestation === null ? null : {keyId: successor, attestation},
  }
}

function keys() {
  return tables
    .selectFrom('author_keys')
    .innerJoin('users', 'users.id', 'author_keys.user_id')
    .selectAll('author_keys')
    .select('users.name as username')
}

function findOwn(keyId: string, userId: string): Step<AuthorKeyRow | undefined> {
  return first(keys().where('key_id', '=', keyId).where('user_id', '=', userId))
}

function findOwner(keyId: string): Step<AuthorKeyRow | undefined> {
  return first(keys().where('key_id', '=', keyId))
}

/** Whether a key's account never proved possession of it. Anyone can register a public key. */
function* isUnproven({key_id, proven_at, attestation}: AuthorKeyRow): Rule<boolean> {
  if (proven_at !== null || attestation !== null) return false
  const signed = tables.selectFrom('versions').select('id').where('signer', '=', key_id).limit(1)
  return (yield* first(signed)) === undefined
}

function* canTakeOver({isProven}: Possession, other: AuthorKeyRow, {owner}: UserCredential): Rule<boolean> {
  return isProven === true && other.user_id !== owner.id && (yield* isUnproven(other))
}

function takenFrom(other: AuthorKeyRow | undefined) {
  return other && {takenFrom: other.username}
}

/** @param other the account that registered the key before */
function* put(
  key: NewKey & Possession,
  other: AuthorKeyRow | undefined,
  credential: UserCredential,
  now: number,
): Rule<void> {
  yield* other ? takeOver(key, credential, now) : add(key, credential, now)
  if (key.isProven) yield* prove(key.keyId, now)
}

function takeOver({keyId, name}: NewKey, {owner}: UserCredential, now: number): Step<number> {
  const ended = {revoked_at: null, reason: null, message: null}
  const row = {user_id: owner.id, name, status: 'active' as const, created_at: now, proven_at: now, ...ended}
  return run(tables.updateTable('author_keys').set(row).where('key_id', '=', keyId))
}

function prove(keyId: string, now: number): Step<number> {
  const unproven = tables.updateTable('author_keys').set({proven_at: now}).where('proven_at', 'is', null)
  return run(unproven.where('key_id', '=', keyId))
}

function add({keyId, publicKey, name}: NewKey, {owner}: UserCredential, now: number): Step<number> {
  const row = {key_id: keyId, user_id: owner.id, public_key: publicKey, name, created_at: now}
  return run(tables.insertInto('author_keys').values({...row, status: 'active'}))
}

function* stored(keyId: string, userId: string): Rule<AuthorKey> {
  const key = yield* findOwn(keyId, userId)
  if (!key) throw new Error(`${keyId} was written but is missing`)
  return toAuthorKey(key)
}

function* countActive(userId: string): Rule<number> {
  const active = tables.selectFrom('author_keys').where('user_id', '=', userId).where('status', '=', 'active')
  return (yield* first(active.select((count) => count.fn.countAll<number>().as('count'))))?.count ?? 0
}

export function createAuthorKeyStore(port: Port): AuthorKeyStore {
  return {
    async list(userId) {
      const own = keys().where('user_id', '=', userId).orderBy('created_at').orderBy('key_id')
      return (await port.ask(all(own))).map(toAuthorKey)
    },

    async find(keyId, userId) {
      const row = await port.ask(findOwn(keyId, userId))
      return row && toAuthorKey(row)
    },

    register: (key, limit, credential, by, now) =>
      port.write(function* () {
        if (!(yield* isValid(credential, now))) return 'credential-ended'
        const present = yield* findOwn(key.keyId, credential.owner.id)
        if (present?.status === 'active') {
          if (key.isProven) yield* prove(key.keyId, now)
          return toAuthorKey(present)
        }
        const other = yield* findOwner(key.keyId)
        if (other && !(yield* canTakeOver(key, other, credential))) return 'taken'
        if ((yield* countActive(credential.owner.id)) >= limit) return 'limit-reached'
        yield* put(key, other, credential, now)
        const detail = {name: key.name, isProven: key.isProven === true, ...takenFrom(other)}
        yield* recordChange({at: now, action: 'key.register', by, target: key.keyId, detail})
        return yield* stored(key.keyId, credential.owner.id)
      }),

    revoke: ({keyId, reason, message}, credential, by, now) =>
      port.write(function* () {
        if (!(yield* isValid(credential, now))) return 'credential-ended'
        const key = yield* findOwn(keyId, credential.owner.id)
        if (!key) return 'unknown'
        const isEscalation = reason === 'key-compromise' && key.reason !== 'key-compromise'
        if (key.status !== 'active' && !isEscalation) return 'not-active'
        const ended = {status: 'revoked' as const, reason, message: message ?? null, revoked_at: key.revoked_at ?? now}
        yield* run(tables.updateTable('author_keys').set(ended).where('key_id', '=', keyId))
        yield* recordChange({at: now, action: 'key.revoke', by, target: keyId, detail: {reason, message}})
        return yield* stored(keyId, credential.owner.id)
      }),

    rotate: ({oldKeyId, key, attestation}, credential, by, now) =>
      port.write(function* () {
        if (!(yield* isValid(credential, now))) return 'credential-ended'
        const old = yield* findOwn(oldKeyId, credential.owner.id)
        if (!old) return 'unknown'
        if (old.status !== 'active') return 'not-active'
        const other = yield* findOwner(key.keyId)
        if (other && !(yield* canTakeOver(key, other, credential))) return 'taken'
        yield* put({...key, name: key.name ?? old.name}, other, credential, now)
        const ended = {status: 'retired' as const, reason: 'superseded', revoked_at: now}
        yield* run(
          tables
            .updateTable('author_keys')
            .set({...ended, rotated_to: key.keyId, attestation})
            .where('key_id', '=', oldKeyId),
        )
        const detail = {successor: key.keyId, isProven: key.isProven === true, ...takenFrom(other)}
        yield* recordChange({at: now, action: 'key.rotate', by, target: oldKeyId, detail})
        return yield* stored(key.keyId, credential.owner.id)
      }),
  }
}
