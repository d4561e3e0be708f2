import type {Scope} from '@apkg/wire'
import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {SuspendedToken, TokenRecord, TokenStore} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {isValid} from './package-authority.js'

export function createTokenStore(connection: Connection): TokenStore {
  const {build} = connection

  function liveTokens(userId: string, now: number) {
    return build
      .selectFrom('tokens')
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .where((either) => either.or([either('expires_at', 'is', null), either('expires_at', '>', now)]))
  }

  function suspendedTokens(): SuspendedToken[] {
    const rows = connection.all(
      build
        .selectFrom('tokens')
        .innerJoin('users', 'users.id', 'tokens.user_id')
        .select(['tokens.id', 'tokens.label', 'tokens.suspended_at', 'users.name'])
        .where('tokens.revoked_at', 'is', null)
        .where('tokens.suspended_at', 'is not', null)
        .$narrowType<{suspended_at: number}>()
        .orderBy('users.name')
        .orderBy('tokens.label'),
    )
    return rows.map(({id, label, name, suspended_at: suspendedAt}) => ({id, label, username: name, suspendedAt}))
  }

  return {
    create: ({userId, sessionId, ...token}, limit, by, now) =>
      connection.write(() => {
        // A token that is being created must not survive `revoke-all`.
        if (!isValid(connection, {kind: 'session', id: sessionId}, now)) return 'changed'
        if (connection.first(liveTokens(userId, now).select('id').where('label', '=', token.label)))
          return 'label-taken'
        const held = connection.first(
          liveTokens(userId, now).select((count) => count.fn.countAll<number>().as('count')),
        )
        if ((held?.count ?? 0) >= limit) return 'limit-reached'
        connection.run(
          build.insertInto('tokens').values({
            id: token.id,
            user_id: userId,
            label: token.label,
            hash: token.hash,
            prefix: token.prefix,
            scopes: JSON.stringify(token.scopes),
            patterns: JSON.stringify(token.patterns),
            lifetime: token.lifetime,
            created_at: now,
            expires_at: token.expiresAt,
          }),
        )
        const {label, scopes, patterns, lifetime} = token
        const detail = {label, scopes, patterns, lifetime}
        recordChange(connection, {at: now, action: 'token.create', by, target: token.id, detail})
        return 'created'
      }),

    async list(userId, {after, limit}, now) {
      let query = liveTokens(userId, now).selectAll().orderBy('created_at').orderBy('id')
      if (after) {
        query = query.where((row) => row(row.refTuple('created_at', 'id'), '>', row.tuple(after.createdAt, after.id)))
      }
      if (limit !== undefined) query = query.limit(limit)
      return connection.all(query).map(toRecord)
    },

    revoke: ({userId, id}, by, now) =>
      connection.write(() => {
        const own = connection.first(
          build.selectFrom('tokens').selectAll().where('id', '=', id).where('user_id', '=', userId),
        )
        if (!own) return 'unknown'
        if (own.revoked_at !== null) return 'revoked'
        connection.run(build.updateTable('tokens').set({revoked_at: now}).where('id', '=', id))
        recordChange(connection, {at: now, action: 'token.revoke', by, target: id, detail: {label: own.label}})
        return 'revoked'
      }),

    suspendAll: (by, now) =>
      connection.write(() => {
        const tokens = connection.run(
          build
            .updateTable('tokens')
            .set({suspended_at: now})
            .where('revoked_at', 'is', null)
            .where('suspended_at', 'is', null),
        )
        recordChange(connection, {at: now, action: 'token.suspend-all', by, detail: {tokens}})
        return tokens
      }),

    suspended: async () => suspendedTokens(),

    resume: (ids, by, now) =>
      connection.write(() => {
        const chosen = suspendedTokens().filter(({id}) => ids.includes(id))
        for (const {id, label} of chosen) {
          connection.run(build.updateTable('tokens').set({suspended_at: null}).where('id', '=', id))
          recordChange(connection, {at: now, action: 'token.resume', by, target: id, detail: {label}})
        }
        return chosen
      }),
  }
}

function toRecord(row: Selectable<Schema['tokens']>): TokenRecord {
  return {
    id: row.id,
    label: row.label,
    prefix: row.prefix,
    scopes: JSON.parse(row.scopes) as Scope[],
    patterns: JSON.parse(row.patterns) as string[],
    lifetime: row.lifetime,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    suspendedAt: row.suspended_at,
  }
}
