import {minSentIdLength, type Scope, tokenIdPattern} from '@apkg/wire'
import type {Selectable} from 'kysely'

import {parsePolicy} from '../policy.js'
import {all, first, type Port, type Rule, run, statement, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import {operatorName} from '../actor.js'
import type {
  ExpiringToken,
  OwnedTokens,
  SuspendedToken,
  SuspensionMaker,
  TokenCreation,
  TokenDraft,
  TokenHolder,
  TokenQueries,
  TokenReach,
  TokenRecord,
  TokenRestrictions,
  TokenRotations,
  TokenStore,
  TokenSuspensions,
  UseDetails,
} from '../store.js'
import {recordChange} from './audit.js'
import {expires, selectExpiring} from './expiring-tokens.js'
import {findEarlier, remember, repetitionOf} from './idempotency.js'
import {findLive} from './package-authority.js'
import {isWithin} from '../token-lifetime.js'
import {parseColumns, toColumns} from '../token-restrictions.js'
import {findPolicy} from './policy.js'
import {parseSuspensions} from './suspensions.js'
import {tables} from './tables.js'
import {findManaged, tokensOf, tokensWithin} from './token-holders.js'
import {endValue, type TokenWithHistory, type UseColumns, withHistory} from './token-values.js'

type NewToken = TokenDraft & {hash: Uint8Array}

function liveTokens(holder: TokenHolder, now: number) {
  return tokensOf(holder)
    .where('tokens.revoked_at', 'is', null)
    .where((either) => either.or([either('tokens.expires_at', 'is', null), either('tokens.expires_at', '>', now)]))
    .where((either) => either.or([either('tokens.uses_left', 'is', null), either('tokens.uses_left', '>', 0)]))
}

/** Finds a token by ID, or the user's own by the start of an ID if it is long enough, including revoked ones. */
function tokensWithId({
  id,
  within,
}: {
  id: string
  within: TokenReach
}): Step<Pick<Selectable<Schema['tokens']>, 'id' | 'label' | 'revoked_at'>[]> {
  const columns = ['tokens.id', 'tokens.label', 'tokens.revoked_at'] as const
  if (within.kind === 'itself' || id.length < minSentIdLength || tokenIdPattern.test(id)) {
    return all(tokensWithin(within).where('tokens.id', '=', id).select(columns))
  }
  return all(
    tokensOf({kind: 'user', id: within.userId})
      .select(columns)
      .where((row) => row(row.fn<string>('substr', ['tokens.id', row.lit(1), row.lit(id.length)]), '=', id))
      .orderBy('tokens.id'),
  )
}

const findExpiring = statement<ExpiringToken>(`${selectExpiring} WHERE t.user_id = ?1 AND ${expires}`)

function findSuspended(makers: readonly SuspensionMaker[]): Step<SuspendedToken[]> {
  return all(
    tables
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .leftJoin('organizations as holders', 'holders.id', 'tokens.organization_id')
      .innerJoin('token_suspensions as made', 'made.token_id', 'tokens.id')
      .select(['tokens.id', 'tokens.label', 'users.name as createdBy', 'holders.name as organization'])
      .select((row) => row.fn.min('made.at').as('suspendedAt'))
      .where('tokens.revoked_at', 'is', null)
      .where('made.made_by', 'in', makers)
      .groupBy(['tokens.id', 'tokens.label', 'users.name', 'holders.name'])
      .orderBy((row) => row.fn.coalesce('holders.name', 'users.name'))
      .orderBy('tokens.label'),
  )
}

/** Finds a row if the user is enabled. The operator creates tokens without a session of the user. */
function findEnabled(userId: string): Step<unknown> {
  const user = tables.selectFrom('users').select('id').where('id', '=', userId)
  return first(user.where('disabled_at', 'is', null).where('removed_at', 'is', null))
}

/** Replaces the unused first value of a token, as if the token were created now. */
function replaceUnused(tokenId: string, replaced: string, token: NewToken, now: number): Step<number>[] {
  const {id: value_id, hash, prefix, lifetime, expiresAt: expires_at} = token
  const first = {value_id, hash, prefix, lifetime, expires_at, created_at: now}
  return [
    run(tables.insertInto('token_values').values({...toFirstValue(token, now), token_id: tokenId})),
    endValue(replaced, now),
    run(tables.updateTable('tokens').set(first).where('id', '=', tokenId)),
  ]
}

export function createTokenStore(
  port: Port,
): Omit<TokenStore, keyof TokenRotations | keyof TokenQueries | keyof TokenSuspensions | keyof OwnedTokens> {
  return {
    create: ({userId, sessionId, idempotency, ...token}, by, now) =>
      port.write(function* (): Rule<TokenCreation> {
        const {organization} = token
        const holder: TokenHolder = organization
          ? {kind: 'organization', id: organization.id}
          : {kind: 'user', id: userId}
        const [session, managed, namesake, held, settings, earlier] = yield* together([
          sessionId === null ? findEnabled(userId) : findLive({kind: 'session', id: sessionId}, now),
          findManaged(organization?.id ?? '', userId),
          first(liveTokens(holder, now).select('id').where('label', '=', token.label)),
          first(liveTokens(holder, now).select((count) => count.fn.countAll<number>().as('count'))),
          findPolicy(),
          ...findEarlier(userId, idempotency, now),
        ])
        // A token that is being created must not survive `revoke-all`.
        if (session === undefined) return 'changed'
        if (organization && managed === undefined) return 'forbidden'
        const repetition = yield* repetitionOf(earlier, idempotency, now)
        if (repetition === 'key-reused') return 'key-reused'
        if (namesake && namesake.id !== earlier?.token_id) return 'label-taken'
        const {maxTokens, maxTokenLifetime} = parsePolicy(settings?.policy)
        if (maxTokenLifetime !== null && !isWithin(token.expiresAt, maxTokenLifetime, now)) return 'lifetime-too-long'
        const others = (held?.count ?? 0) - (earlier ? 1 : 0)
        if (others >= maxTokens) return 'limit-reached'
        if (repetition === 'already-done') return 'already-done'
        const {label, scopes, patterns, lifetime, addresses, uses, release} = token
        const limits = {...(addresses && {addresses}), ...(uses && {uses: uses.total}), ...(release && {release})}
        const detail = {
          ...{label, scopes, patterns, lifetime, ...limits},
          ...(organization && {organization: organization.name}),
        }
        if (repetition) {
          const {token_id: target, value_id: replaced} = repetition
          yield* together([
            ...replaceUnused(target, replaced, token, now),
            ...remember(userId, idempotency, {valueId: token.id, isRepetition: true}, now),
            recordChange({at: now, action: 'token.create', by, target, detail: {...detail, repeated: true}}),
          ])
          return {repeated: target}
        }
        yield* together([
          run(tables.insertInto('tokens').values(toRow(token, {userId, isByOperator: sessionId === null}, now))),
          run(tables.insertInto('token_values').values(toFirstValue(token, now))),
          ...remember(userId, idempotency, {valueId: token.id, isRepetition: false}, now),
          recordChange({at: now, action: 'token.create', by, target: token.id, detail}),
        ])
        return 'created'
      }),

    async list(holder, {after, limit, ended = false}, now) {
      const held = ended ? tokensOf(holder) : liveTokens(holder, now)
      let query = withHistory(held).orderBy('tokens.created_at').orderBy('tokens.id')
      if (after) {
        query = query.where((row) =>
          row(row.refTuple('tokens.created_at', 'tokens.id'), '>', row.tuple(after.createdAt, after.id)),
        )
      }
      if (limit !== undefined) query = query.limit(limit)
      return (await port.ask(all(query))).map(toRecord)
    },

    expiring: (userId, {after, until}) => port.ask(all(findExpiring(userId, after, until))),

    revoke: ({id, within}, by, now) =>
      port.write(function* () {
        const matching = yield* tokensWithId({id, within})
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

    suspended: async (makers) => (await port.ask(findSuspended(makers))).map((token) => ({...token})),
  }
}

function toRow(token: NewToken, {userId, isByOperator}: {userId: string; isByOperator: boolean}, now: number) {
  return {
    id: token.id,
    user_id: userId,
    made_by_operator: Number(isByOperator),
    label: token.label,
    value_id: token.id,
    hash: token.hash,
    prefix: token.prefix,
    scopes: JSON.stringify(token.scopes),
    patterns: JSON.stringify(token.patterns),
    ...toColumns(token),
    lifetime: token.lifetime,
    note: token.note,
    created_at: now,
    expires_at: token.expiresAt,
  }
}

function toFirstValue(token: NewToken, now: number) {
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
  return {
    id: row.id,
    label: row.label,
    prefix: row.prefix,
    scopes: JSON.parse(row.scopes) as Scope[],
    patterns: JSON.parse(row.patterns) as string[],
    ...restrictionsIn(row),
    user: row.creator,
    createdBy: row.made_by_operator === 1 ? operatorName : row.creator,
    lifetime: row.lifetime,
    note: row.note,
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
    expiresAt: row.expires_at,
    generation: row.generation ?? 1,
    valueEndsAt: row.value_ends_at,
    lastUsedAt: row.used_at,
    lastUse: toUse(row),
    suspensions: parseSuspensions(row.suspensions),
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  }
}

/** Returns null before the first use, or if an earlier version didn't record it. */
export function toUse({address, agent, action, package: name, refused}: UseColumns): UseDetails | null {
  return address === null || action === null ? null : {address, agent, action, package: name, refused: refused === 1}
}

function restrictionsIn(row: TokenWithHistory): TokenRestrictions {
  const {restrictions: _, ...restrictions} = parseColumns(row)
  return restrictions
}
