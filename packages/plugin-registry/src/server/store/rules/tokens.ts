import {minSentIdLength, type Scope} from '@apkg/wire'
import type {Selectable} from 'kysely'

import {parsePolicy} from '../policy.js'
import {all, first, type Port, run, statement, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import type {ExpiringToken, SuspendedToken, TokenDraft, TokenRecord, TokenRotations, TokenStore} from '../store.js'
import {recordChange} from './audit.js'
import {expires, selectExpiring} from './expiring-tokens.js'
import {findLive} from './package-authority.js'
import {isWithin} from '../token-lifetime.js'
import {findPolicy} from './policy.js'
import {tables} from './tables.js'
import {endValue, type TokenWithHistory, withHistory} from './token-values.js'

function liveTokens(userId: string, now: number) {
  return tables
    .selectFrom('tokens')
    .where('tokens.user_id', '=', userId)
    .where('tokens.revoked_at', 'is', null)
    .where((either) => either.or([either('tokens.expires_at', 'is', null), either('tokens.expires_at', '>', now)]))
}

/** A user's tokens with this id, or, if it is long enough, with an id that starts with it. Revoked ones too. */
function tokensWithId(
  userId: string,
  id: string,
): Step<Pick<Selectable<Schema['tokens']>, 'id' | 'label' | 'revoked_at'>[]> {
  const own = tables.selectFrom('tokens').select(['id', 'label', 'revoked_at']).where('user_id', '=', userId)
  if (id.length < minSentIdLength) return all(own.where('id', '=', id))
  return all(
    own.where((row) => row(row.fn<string>('substr', ['id', row.lit(1), row.lit(id.length)]), '=', id)).orderBy('id'),
  )
}

const findExpiring = statement<ExpiringToken>(`${selectExpiring} WHERE t.user_id = ?1 AND ${expires}`)

function findSuspended(): Step<(Omit<SuspendedToken, 'suspendedAt'> & {suspended_at: number})[]> {
  return all(
    tables
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select(['tokens.id', 'tokens.label', 'tokens.suspended_at', 'users.name as username'])
      .where('tokens.revoked_at', 'is', null)
      .where('tokens.suspended_at', 'is not', null)
      .$narrowType<{suspended_at: number}>()
      .orderBy('users.name')
      .orderBy('tokens.label'),
  )
}

export function createTokenStore(port: Port): Omit<TokenStore, keyof TokenRotations> {
  return {
    create: ({userId, sessionId, ...token}, by, now) =>
      port.write(function* () {
        const [session, namesake, held, settings] = yield* together([
          findLive({kind: 'session', id: sessionId}, now),
          first(liveTokens(userId, now).select('id').where('label', '=', token.label)),
          first(liveTokens(userId, now).select((count) => count.fn.countAll<number>().as('count'))),
          findPolicy(),
        ])
        // A token that is being created must not survive `revoke-all`.
        if (session === undefined) return 'changed'
        if (namesake) return 'label-taken'
        const {maxTokens, maxTokenLifetime} = parsePolicy(settings?.policy)
        if (maxTokenLifetime !== null && !isWithin(token.expiresAt, maxTokenLifetime, now)) return 'lifetime-too-long'
        if ((held?.count ?? 0) >= maxTokens) return 'limit-reached'
        const {label, scopes, patterns, lifetime} = token
        const detail = {label, scopes, patterns, lifetime}
        yield* together([
          run(tables.insertInto('tokens').values(toRow(token, userId, now))),
          run(tables.insertInto('token_values').values(toFirstValue(token, now))),
          recordChange({at: now, action: 'token.create', by, target: token.id, detail}),
        ])
        return 'created'
      }),

    async list(userId, {after, limit, ended = false}, now) {
      const held = ended ? tables.selectFrom('tokens').where('tokens.user_id', '=', userId) : liveTokens(userId, now)
      let query = withHistory(held).orderBy('tokens.created_at').orderBy('tokens.id')
      if (after) {
        query = query.where((row) =>
          row(row.refTuple('tokens.created_at', 'tokens.id'), '>', row.tuple(after.createdAt, after.id)),
        )
      }
      if (limit !== undefined) query = query.limit(limit)
      return (await port.ask(all(query))).map(toRecord)
    },

    async find({userId, id}) {
      const own = tables.selectFrom('tokens').where('tokens.user_id', '=', userId).where('tokens.id', '=', id)
      const row = await port.ask(first(withHistory(own)))
      return row && toRecord(row)
    },

    expiring: (userId, {after, until}) => port.ask(all(findExpiring(userId, after, until))),

    revoke: ({userId, id}, by, now) =>
      port.write(function* () {
        const matching = yield* tokensWithId(userId, id)
        const exact = matching.filter((each) => each.id === id)
        const meant = exact.length > 0 ? exact : matching.filter((each) => each.revoked_at === null)
        const [own, ...others] = meant
        if (!own) return matching.length > 0 ? 'revoked' : 'unknown'
        if (others.length > 0) return meant.map((each) => ({id: each.id, label: each.label}))
        if (own.revoked_at !== null) return 'revoked'
        yield* run(tables.updateTable('tokens').set({revoked_at: now, revoked_by: by.name}).where('id', '=', own.id))
        yield* recordChange({at: now, action: 'token.revoke', by, target: own.id, detail: {label: own.label}})
        return 'revoked'
      }),

    endValue: ({id, valueId}, by, now) =>
      port.write(function* () {
        yield* together([endValue(valueId, now), recordChange({at: now, action: 'token.value-end', by, target: id})])
      }),

    suspendAll: (by, now) =>
      port.write(function* () {
        const tokens = yield* run(
          tables
            .updateTable('tokens')
            .set({suspended_at: now})
            .where('revoked_at', 'is', null)
            .where('suspended_at', 'is', null),
        )
        yield* recordChange({at: now, action: 'token.suspend-all', by, detail: {tokens}})
        return tokens
      }),

    suspended: async () => (await port.ask(findSuspended())).map(toSuspended),

    resume: (ids, by, now) =>
      port.write(function* () {
        const chosen = (yield* findSuspended()).map(toSuspended).filter(({id}) => ids.includes(id))
        for (const {id, label} of chosen) {
          yield* run(tables.updateTable('tokens').set({suspended_at: null}).where('id', '=', id))
          yield* recordChange({at: now, action: 'token.resume', by, target: id, detail: {label}})
        }
        return chosen
      }),
  }
}

function toRow(token: TokenDraft & {hash: Uint8Array}, userId: string, now: number) {
  return {
    id: token.id,
    user_id: userId,
    label: token.label,
    value_id: token.id,
    hash: token.hash,
    prefix: token.prefix,
    scopes: JSON.stringify(token.scopes),
    patterns: JSON.stringify(token.patterns),
    lifetime: token.lifetime,
    note: token.note,
    created_at: now,
    expires_at: token.expiresAt,
  }
}

function toFirstValue(token: TokenDraft & {hash: Uint8Array}, now: number) {
  return {
    id: token.id,
    token_id: token.id,
    generation: 1,
    hash: token.hash,
    prefix: token.prefix,
    lifetime: token.lifetime,
    created_at: now,
    expires_at: token.expiresAt,
  }
}

export function toRecord(row: TokenWithHistory): TokenRecord {
  const {address, agent, action} = row
  return {
    id: row.id,
    label: row.label,
    prefix: row.prefix,
    scopes: JSON.parse(row.scopes) as Scope[],
    patterns: JSON.parse(row.patterns) as string[],
    lifetime: row.lifetime,
    note: row.note,
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
    expiresAt: row.expires_at,
    generation: row.generation ?? 1,
    lastUsedAt: row.used_at,
    lastUse: address === null || action === null ? null : {address, agent, action, package: row.package},
    suspendedAt: row.suspended_at,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  }
}

function toSuspended({
  suspended_at: suspendedAt,
  ...token
}: {suspended_at: number} & Omit<SuspendedToken, 'suspendedAt'>) {
  return {...token, suspendedAt}
}
