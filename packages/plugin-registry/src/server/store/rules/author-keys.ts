import type {Schema} from '../schema.js'
import type {AuthorKey, AuthorKeyStore, Credential, NewKey, RevocationReason} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {isValid} from './package-authority.js'

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

export function createAuthorKeyStore(connection: Connection): AuthorKeyStore {
  const {build} = connection

  function keys() {
    return build
      .selectFrom('author_keys')
      .innerJoin('users', 'users.id', 'author_keys.user_id')
      .selectAll('author_keys')
      .select('users.name as username')
  }

  function find(keyId: string, userId: string): AuthorKey | undefined {
    const row = connection.first(keys().where('key_id', '=', keyId).where('user_id', '=', userId))
    return row && toAuthorKey(row)
  }

  function ownerOf(keyId: string) {
    return connection.first(keys().where('key_id', '=', keyId))
  }

  /** Whether another account registered a key without ever showing that it holds it: anyone can do that. */
  function isUnproven({key_id, proven_at, attestation}: AuthorKeyRow): boolean {
    const signed = build.selectFrom('versions').select('id').where('signer', '=', key_id).limit(1)
    return proven_at === null && attestation === null && connection.first(signed) === undefined
  }

  function takeOver({keyId, name}: NewKey, {owner}: Credential, now: number): void {
    const ended = {revoked_at: null, reason: null, message: null}
    const row = {user_id: owner.id, name, status: 'active' as const, created_at: now, proven_at: now, ...ended}
    connection.run(build.updateTable('author_keys').set(row).where('key_id', '=', keyId))
  }

  function prove(keyId: string, now: number): void {
    const unproven = build.updateTable('author_keys').set({proven_at: now}).where('proven_at', 'is', null)
    connection.run(unproven.where('key_id', '=', keyId))
  }

  function add({keyId, publicKey, name}: NewKey, {owner}: Credential, now: number): AuthorKey {
    const row = {key_id: keyId, user_id: owner.id, public_key: publicKey, name, created_at: now}
    connection.run(build.insertInto('author_keys').values({...row, status: 'active'}))
    return stored(keyId, owner.id)
  }

  function stored(keyId: string, userId: string): AuthorKey {
    const key = find(keyId, userId)
    if (!key) throw new Error(`${keyId} was written but is missing`)
    return key
  }

  function countActive(userId: string): number {
    const active = build.selectFrom('author_keys').where('user_id', '=', userId).where('status', '=', 'active')
    return connection.first(active.select((count) => count.fn.countAll<number>().as('count')))?.count ?? 0
  }

  return {
    list: async (userId) =>
      connection.all(keys().where('user_id', '=', userId).orderBy('created_at').orderBy('key_id')).map(toAuthorKey),

    find: async (keyId, userId) => find(keyId, userId),

    register: (key, limit, credential, by, now) =>
      connection.write(() => {
        if (!isValid(connection, credential, now)) return 'credential-ended'
        const present = find(key.keyId, credential.owner.id)
        if (present?.status === 'active') {
          if (key.isProven) prove(key.keyId, now)
          return present
        }
        const other = ownerOf(key.keyId)
        if (other && (!key.isProven || other.user_id === credential.owner.id || !isUnproven(other))) return 'taken'
        if (countActive(credential.owner.id) >= limit) return 'limit-reached'
        if (other) takeOver(key, credential, now)
        else add(key, credential, now)
        if (key.isProven) prove(key.keyId, now)
        const detail = {name: key.name, isProven: key.isProven === true, ...(other && {takenFrom: other.username})}
        recordChange(connection, {at: now, action: 'key.register', by, target: key.keyId, detail})
        return stored(key.keyId, credential.owner.id)
      }),

    revoke: ({keyId, reason, message}, credential, by, now) =>
      connection.write(() => {
        if (!isValid(connection, credential, now)) return 'credential-ended'
        const key = find(keyId, credential.owner.id)
        if (!key) return 'unknown'
        const isEscalation = reason === 'key-compromise' && key.reason !== 'key-compromise'
        if (key.status !== 'active' && !isEscalation) return 'not-active'
        const ended = {status: 'revoked' as const, reason, message: message ?? null, revoked_at: key.revokedAt ?? now}
        connection.run(build.updateTable('author_keys').set(ended).where('key_id', '=', keyId))
        recordChange(connection, {at: now, action: 'key.revoke', by, target: keyId, detail: {reason, message}})
        return stored(keyId, credential.owner.id)
      }),

    rotate: ({oldKeyId, key, attestation}, credential, by, now) =>
      connection.write(() => {
        if (!isValid(connection, credential, now)) return 'credential-ended'
        const old = find(oldKeyId, credential.owner.id)
        if (!old) return 'unknown'
        if (old.status !== 'active') return 'not-active'
        if (ownerOf(key.keyId)) return 'taken'
        const added = add({...key, name: key.name ?? old.name}, credential, now)
        const ended = {status: 'retired' as const, reason: 'superseded', revoked_at: now}
        connection.run(
          build
            .updateTable('author_keys')
            .set({...ended, rotated_to: key.keyId, attestation})
            .where('key_id', '=', oldKeyId),
        )
        const detail = {successor: key.keyId}
        recordChange(connection, {at: now, action: 'key.rotate', by, target: oldKeyId, detail})
        return added
      }),
  }
}
