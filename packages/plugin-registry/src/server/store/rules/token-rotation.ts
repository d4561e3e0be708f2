import {first, type Port, type Rule, run, together} from '../port.js'
import {parsePolicy} from '../policy.js'
import {isLonger, lifetimeValidity, sameValidity, type Validity} from '../renewed-lifetime.js'
import type {
  OldValue,
  UserCredential,
  RotationDrop,
  TokenReach,
  TokenRotation,
  TokenRotationRequest,
  TokenRotations,
} from '../store.js'
import {isWithin} from '../token-lifetime.js'
import {recordChange} from './audit.js'
import {findEarlier, remember, repetitionOf} from './idempotency.js'
import {findLive} from './package-authority.js'
import {findPolicy} from './policy.js'
import {tables} from './tables.js'
import {tokensWithin} from './token-holders.js'
import {toRecord, toUse} from './tokens.js'
import {
  displaceRetired,
  earliest,
  endOthers,
  endValue,
  findUse,
  findValue,
  makeNewest,
  restoreDisplaced,
  type TokenRow,
  type TokenWithHistory,
  type UseColumns,
  type ValueRow,
  withHistory,
} from './token-values.js'

/** The value that a rotation replaces, and its unused successor. */
interface Current {
  current: ValueRow
  unused: ValueRow | undefined
}

/**
 * Gives tokens new values. At most two values of a token work at a time: the current one, and either its unused
 * successor or the one that it replaced, during its grace period.
 */
export function createTokenRotations(port: Port): TokenRotations {
  return {
    rotate: (request, credential, by, now) =>
      port.write(function* (): Rule<TokenRotation> {
        const {idempotency} = request
        const userId = accountOf(credential)
        const [live, token, settings, earlier] = yield* together([
          findLive(credential, now),
          findOwn(request.id, credential),
          findPolicy(),
          ...findEarlier(userId, idempotency, now),
        ])
        if (live === undefined) return {outcome: 'changed'}
        const repetition = yield* repetitionOf(earlier, idempotency, now)
        if (repetition === 'key-reused') return {outcome: 'key-reused'}
        if (!token) return {outcome: 'unknown'}
        const inactive = stateOf(token, now)
        if (inactive) return {outcome: 'inactive', state: inactive, label: token.label}
        const {current, unused} = yield* findCurrent(token)
        const lastUse = yield* findUse(current.id)
        if (credential.kind === 'token' && credential.valueId !== current.id) {
          return {outcome: 'in-progress', endsAt: credential.retiresAt}
        }
        const isReset = request.grace === 0
        if (unused && unused.begun_by !== credential.kind && !isReset) return {outcome: 'in-progress', endsAt: null}
        const {maxTokenLifetime: limit} = parsePolicy(settings?.policy)
        const wanted = request.validity ?? sameValidity(toReplaced(current), now)
        const isOverLimit = limit !== null && !isWithin(wanted.expiresAt, limit, now)
        if (isOverLimit && request.validity) return {outcome: 'over-limit', limit}
        const validity = isOverLimit ? lifetimeValidity(limit, now) : wanted
        if (credential.kind === 'token' && isLonger(validity, toReplaced(current), now)) {
          return {outcome: 'too-long', lifetime: current.lifetime}
        }
        if (repetition === 'already-done') return {outcome: 'already-done'}
        const next = toRow(request, {current, validity, begunBy: credential.kind, now})
        const {label, id: target} = token
        const detail = {label, grace: request.grace, generation: next.generation, lifetime: next.lifetime}
        yield* together([
          run(tables.insertInto('token_values').values(next)),
          makeNewest(next),
          ...(unused ? [endValue(unused.id, now)] : []),
          isReset
            ? endOthers(target, next.id, now)
            : displaceRetired(target, {replaced: current.id, unused: unused?.id, newest: next.id}, now),
          ...remember(userId, idempotency, {valueId: next.id, isRepetition: repetition !== undefined}, now),
          recordChange({at: now, action: 'token.rotate', by, target, detail}),
        ])
        const {prefix, lifetime, expires_at} = next
        const made = {prefix, lifetime, expires_at, generation: next.generation, rotated_at: now, value_ends_at: null}
        const endsAt = isReset ? earliest(current.ends_at, now) : current.ends_at
        return {
          outcome: 'rotated',
          token: toRecord({...token, ...made}),
          oldValue: toOldValue({...current, ends_at: endsAt}, lastUse),
        }
      }),

    dropRotation: ({id, prefix}, credential, by, now) =>
      port.write(function* (): Rule<RotationDrop> {
        const [live, token] = yield* together([findLive(credential, now), findOwn(id, credential)])
        if (live === undefined) return 'changed'
        if (!token) return 'unknown'
        const {current, unused} = yield* findCurrent(token)
        if (unused?.prefix !== prefix) return yield* whyNotUnused(id, prefix)
        if (unused.begun_by !== credential.kind) return 'not-yours'
        if (credential.kind === 'token' && credential.valueId !== current.id) return 'not-yours'
        yield* together([
          endValue(unused.id, now),
          makeNewest(current),
          restoreDisplaced(unused.id),
          recordChange({at: now, action: 'token.rotate-drop', by, target: id, detail: {label: token.label}}),
        ])
        return 'dropped'
      }),
  }
}

/** A token can only rotate itself. */
function findOwn(id: string, credential: UserCredential) {
  const within: TokenReach =
    credential.kind === 'session'
      ? {kind: 'managed', userId: credential.owner.id}
      : {kind: 'itself', tokenId: credential.id}
  return first(withHistory(tokensWithin(within).where('tokens.id', '=', id)))
}

/** Returns the user whose idempotency keys apply. */
function accountOf(credential: UserCredential): string {
  return credential.kind === 'session' ? credential.owner.id : credential.creator.id
}

function stateOf({revoked_at, suspensions, expires_at, uses_left}: TokenWithHistory, now: number) {
  if (revoked_at !== null) return 'revoked'
  if (expires_at !== null && expires_at <= now) return 'expired'
  if (uses_left === 0) return 'spent'
  return suspensions === null ? undefined : 'suspended'
}

function* findCurrent({id, value_id}: TokenRow): Rule<Current> {
  const [newest, use] = yield* together([findValue(value_id), findUse(value_id)])
  if (!newest) throw new Error(`the token ${id} has no value`)
  if (newest.replaces === null || use !== undefined) return {current: newest, unused: undefined}
  const current = yield* findValue(newest.replaces)
  if (!current) throw new Error(`the token ${id} lacks a value`)
  return {current, unused: newest}
}

/**
 * Returns why the successor with a prefix can't be dropped. If it was dropped or replaced before its use, it's already
 * gone.
 */
function* whyNotUnused(id: string, prefix: string): Rule<RotationDrop> {
  const named = tables.selectFrom('token_values').selectAll().where('token_id', '=', id).where('prefix', '=', prefix)
  const value = yield* first(named.where('replaces', 'is not', null))
  if (!value) return 'unknown'
  return (yield* findUse(value.id)) === undefined ? 'dropped' : 'used'
}

function toOldValue(
  {prefix, ends_at: retiresAt, expires_at: expiresAt}: ValueRow,
  use: (UseColumns & {last_used_at: number}) | undefined,
): OldValue {
  return {prefix, retiresAt, expiresAt, lastUsedAt: use?.last_used_at ?? null, lastUse: use ? toUse(use) : null}
}

function toReplaced({lifetime, created_at: createdAt, expires_at: expiresAt}: ValueRow) {
  return {lifetime, createdAt, expiresAt}
}

function toRow(
  {id, value, grace}: TokenRotationRequest,
  {
    current,
    validity,
    begunBy,
    now,
  }: {current: ValueRow; validity: Validity; begunBy: UserCredential['kind']; now: number},
): ValueRow {
  return {
    id: value.id,
    token_id: id,
    generation: current.generation + 1,
    hash: value.hash,
    prefix: value.prefix,
    lifetime: validity.lifetime,
    created_at: now,
    expires_at: validity.expiresAt,
    replaces: current.id,
    begun_by: begunBy,
    grace,
    ends_at: null,
    displaced_by: null,
    expiry_notice: null,
  }
}
