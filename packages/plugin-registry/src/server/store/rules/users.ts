import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {SecretBox} from '../secret-box.js'
import type {User, UserStore} from '../store.js'
import {recordChange} from './audit.js'
import {isUniqueViolation} from './error-kinds.js'
import type {Connection} from './connection.js'

export function createUserStore(connection: Connection, box: SecretBox): UserStore {
  const {build} = connection

  function endSessions(userId: string, now: number): number {
    return connection.run(
      build
        .updateTable('sessions')
        .set({revoked_at: now})
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null),
    )
  }

  function revokeTokens(userId: string, now: number): number {
    return connection.run(
      build.updateTable('tokens').set({revoked_at: now}).where('user_id', '=', userId).where('revoked_at', 'is', null),
    )
  }

  function closeChallenges(userId: string, now: number): void {
    connection.run(
      build
        .updateTable('challenges')
        .set({closed_at: now})
        .where('user_id', '=', userId)
        .where('closed_at', 'is', null),
    )
  }

  return {
    async add({id, name, email, passwordHash}, by, now) {
      try {
        await connection.write(() => {
          connection.run(build.insertInto('names').values({name, holder: 'user', taken_at: now}))
          connection.run(
            build.insertInto('users').values({id, name, email, password_hash: passwordHash, created_at: now}),
          )
          recordChange(connection, {at: now, action: 'user.add', by, target: id, detail: {name}})
        })
        return 'added'
      } catch (error) {
        if (isUniqueViolation(error)) return 'taken'
        throw error
      }
    },

    async list() {
      const rows = connection.all(build.selectFrom('users').selectAll().where('removed_at', 'is', null).orderBy('name'))
      return rows.map(toUser)
    },

    async find(name) {
      const row = connection.first(
        build.selectFrom('users').selectAll().where('name', '=', name).where('removed_at', 'is', null),
      )
      return row && {...toUser(row), passwordHash: row.password_hash}
    },

    setPassword: (id, passwordHash, by, now) =>
      connection.write(() => {
        connection.run(build.updateTable('users').set({password_hash: passwordHash}).where('id', '=', id))
        closeChallenges(id, now)
        const sessions = endSessions(id, now)
        recordChange(connection, {at: now, action: 'user.passwd', by, target: id, detail: {sessions}})
      }),

    setDisabled: (id, disabled, by, now) =>
      connection.write(() => {
        connection.run(
          build
            .updateTable('users')
            .set({disabled_at: disabled ? now : null})
            .where('id', '=', id),
        )
        recordChange(connection, {at: now, action: disabled ? 'user.disable' : 'user.enable', by, target: id})
      }),

    remove: (id, by, now) =>
      connection.write(() => {
        const detail = {sessions: endSessions(id, now), tokens: revokeTokens(id, now)}
        closeChallenges(id, now)
        connection.run(build.deleteFrom('recovery_codes').where('user_id', '=', id))
        connection.run(build.deleteFrom('members').where('user_id', '=', id))
        connection.run(
          build
            .updateTable('users')
            .set({removed_at: now, email: '', password_hash: '', totp_secret: null, mfa_enabled_at: null})
            .where('id', '=', id),
        )
        recordChange(connection, {at: now, action: 'user.remove', by, target: id, detail})
      }),

    enrollMfa: (id, {totpSecret, recoveryHashes}, by, now) =>
      connection.write(() => {
        const sealed = box.seal(totpSecret, id)
        connection.run(
          build
            .updateTable('users')
            .set({totp_secret: sealed, totp_last_step: null, mfa_enabled_at: now})
            .where('id', '=', id),
        )
        connection.run(build.deleteFrom('recovery_codes').where('user_id', '=', id))
        for (const hash of recoveryHashes) {
          connection.run(build.insertInto('recovery_codes').values({user_id: id, hash}))
        }
        closeChallenges(id, now)
        recordChange(connection, {at: now, action: 'user.mfa', by, target: id})
      }),

    revokeAll: (id, by, now) =>
      connection.write(() => {
        const detail = {sessions: endSessions(id, now), tokens: revokeTokens(id, now)}
        closeChallenges(id, now)
        recordChange(connection, {at: now, action: 'user.revoke-all', by, target: id, detail})
        return detail
      }),
  }
}

function toUser(row: Selectable<Schema['users']>): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    mfaEnabledAt: row.mfa_enabled_at,
  }
}
