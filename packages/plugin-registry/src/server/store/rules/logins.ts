import {countFailure, type FailureCount, type LoginDelay, nextAttemptAt} from '../login-delay.js'
import {first, type Port, type Rule, run, type Step, together} from '../port.js'
import type {SecretBox} from '../secret-box.js'
import type {Actor, CodeAttempt, Confirmation, LoginStore, MfaProof, NewSession} from '../store.js'
import {webLifetimes} from '../session-lifetimes.js'
import {recordChange} from './audit.js'
import {isValid} from './package-authority.js'
import {endFamily, insertSession} from './session-rows.js'
import {tables} from './tables.js'

const day = 24 * 3_600_000

/** Wrong codes of a user are counted under one key, regardless of the challenge. */
const codeFailureKey = (userId: string) => `code:${userId}`

function findFailures(key: string) {
  return first(tables.selectFrom('login_failures').selectAll().where('key', '=', key))
}

function* readFailures(key: string): Rule<FailureCount | undefined> {
  const row = yield* findFailures(key)
  return row && {failures: row.failures, lastAt: row.last_at}
}

function* addFailure(key: string, delay: LoginDelay, now: number): Rule<void> {
  const {failures, lastAt} = countFailure(yield* readFailures(key), delay, now)
  yield* run(
    tables
      .insertInto('login_failures')
      .values({key, failures, last_at: lastAt})
      .onConflict((conflict) => conflict.column('key').doUpdateSet({failures, last_at: lastAt})),
  )
}

function clearFailures(keys: string[]): Step<number>[] {
  return keys.map((key) => run(tables.deleteFrom('login_failures').where('key', '=', key)))
}

function* isAccepted(userId: string, proof: MfaProof, now: number): Rule<boolean> {
  if (proof.kind === 'recovery') {
    const unused = tables.updateTable('recovery_codes').set({used_at: now}).where('user_id', '=', userId)
    return (yield* run(unused.where('hash', '=', proof.hash).where('used_at', 'is', null))) === 1
  }
  const {step} = proof
  const later = tables
    .updateTable('users')
    .set({totp_last_step: step})
    .where('id', '=', userId)
    .where((either) => either.or([either('totp_last_step', 'is', null), either('totp_last_step', '<', step)]))
  return (yield* run(later)) === 1
}

function findUser(userId: string) {
  return first(tables.selectFrom('users').selectAll().where('id', '=', userId))
}

function* findActive(userId: string) {
  const user = yield* findUser(userId)
  return user?.disabled_at === null && user.removed_at === null ? user : undefined
}

/** Finds the user, unless the password was changed after it was verified outside of the transaction. */
function* findVerified(userId: string, passwordHash: string) {
  const user = yield* findActive(userId)
  return user?.password_hash === passwordHash ? user : undefined
}

function findChallenge(hash: Uint8Array) {
  return first(tables.selectFrom('challenges').selectAll().where('hash', '=', hash))
}

function* markConfirmed(sessionId: string, now: number): Rule<void> {
  yield* run(tables.updateTable('sessions').set({confirmed_at: now}).where('id', '=', sessionId))
}

/** Gives a browser session a new value, which is confirmed. The old one ends. */
function* replaceSession(sessionId: string, next: NewSession, now: number): Rule<void> {
  const row = yield* first(tables.selectFrom('sessions').selectAll().where('id', '=', sessionId))
  if (!row) return
  const {family, user_id: userId, started_at: startedAt, authenticated_at: authenticatedAt} = row
  const login = {address: row.login_address, agent: row.login_agent}
  const generation = {session: next, family, userId, startedAt, authenticatedAt, login, isWeb: true, confirmedAt: now}
  yield* insertSession(generation, webLifetimes, now)
  const ended = {replaced_by: next.id, replaced_at: now, revoked_at: now}
  yield* run(tables.updateTable('sessions').set(ended).where('id', '=', sessionId))
}

/** Ends the session that a browser had before it logged in again. */
function* endEarlier(accessHash: Uint8Array | undefined, next: NewSession, by: Actor, now: number): Rule<void> {
  if (accessHash === undefined) return
  const row = yield* first(tables.selectFrom('sessions').selectAll().where('access_hash', '=', accessHash))
  if (row?.kind !== 'web' || (yield* endFamily(row.family, now)) === 0) return
  const replaced = {replaced_by: next.id, replaced_at: now}
  yield* run(tables.updateTable('sessions').set(replaced).where('id', '=', row.id).where('replaced_at', 'is', null))
  const user = yield* findUser(row.user_id)
  const actor = {...by, name: user?.name ?? null, credentialId: row.id}
  yield* recordChange({at: now, action: 'session.end', by: actor, target: row.family})
}

export function createLoginStore(port: Port, box: SecretBox): LoginStore {
  return {
    async failures(key) {
      const row = await port.ask(findFailures(key))
      return row && {failures: row.failures, lastAt: row.last_at}
    },

    recordFailure: (keys, reason, by, now) =>
      port.write(function* () {
        yield* run(tables.deleteFrom('login_failures').where('last_at', '<', now - day))
        for (const {key, delay} of keys) yield* addFailure(key, delay, now)
        yield* recordChange({at: now, action: 'login.fail', by, detail: {reason}})
      }),

    openChallenge: ({hash, userId, passwordHash, expiresAt}, now) =>
      port.write(function* () {
        const user = yield* findVerified(userId, passwordHash)
        if (!user || user.mfa_enabled_at === null) return 'changed'
        yield* run(tables.deleteFrom('challenges').where('expires_at', '<', now - day))
        yield* run(tables.insertInto('challenges').values({hash, user_id: userId, expires_at: expiresAt, attempts: 0}))
        return 'opened'
      }),

    attemptCode: (hash, {attempts, delay}, now) =>
      port.write(function* (): Rule<CodeAttempt> {
        const challenge = yield* findChallenge(hash)
        const isOpen = challenge?.closed_at === null && challenge.expires_at > now && challenge.attempts < attempts
        if (!isOpen) return {outcome: 'closed'}
        const user = yield* findUser(challenge.user_id)
        if (!user?.totp_secret) return {outcome: 'closed'}
        const key = codeFailureKey(user.id)
        const until = nextAttemptAt(yield* readFailures(key), delay)
        if (until > now) return {outcome: 'delayed', until}
        yield* addFailure(key, delay, now)
        yield* run(
          tables
            .updateTable('challenges')
            .set({attempts: challenge.attempts + 1})
            .where('hash', '=', hash),
        )
        const totpSecret = box.open(user.totp_secret, user.id)
        return {outcome: 'allowed', user: {id: user.id, name: user.name, disabledAt: user.disabled_at, totpSecret}}
      }),

    completePassword: ({userId, passwordHash, session, earlier, isWeb, lifetimes, clearedKeys}, by, now) =>
      port.write(function* () {
        if ((yield* findVerified(userId, passwordHash))?.mfa_enabled_at !== null) return 'changed'
        yield* insertSession({session, family: session.id, userId, startedAt: now, login: by, isWeb}, lifetimes, now)
        yield* endEarlier(earlier, session, by, now)
        yield* together(clearFailures(clearedKeys))
        const actor = {...by, credentialId: session.id}
        yield* recordChange({at: now, action: 'login', by: actor, target: session.id})
        return 'started'
      }),

    confirm: ({sessionId, next, userId, passwordHash, proofOf, codeDelay, addressKey, clearedKeys}, by, now) =>
      port.write(function* (): Rule<Confirmation> {
        const user = yield* findVerified(userId, passwordHash)
        if (!user || !(yield* isValid({kind: 'session', id: sessionId}, now))) return {outcome: 'changed'}
        const codeKey = codeFailureKey(userId)
        if (user.mfa_enabled_at !== null) {
          if (!proofOf) return {outcome: 'code-missing'}
          const until = nextAttemptAt(yield* readFailures(codeKey), codeDelay)
          if (until > now) return {outcome: 'delayed', until}
          const proof = user.totp_secret ? proofOf(box.open(user.totp_secret, userId)) : undefined
          if (!proof || !(yield* isAccepted(userId, proof, now))) {
            yield* addFailure(codeKey, codeDelay, now)
            yield* addFailure(addressKey.key, addressKey.delay, now)
            yield* recordChange({at: now, action: 'login.fail', by, detail: {reason: 'code'}})
            return {outcome: 'code-wrong'}
          }
        }
        yield* next ? replaceSession(sessionId, next, now) : markConfirmed(sessionId, now)
        yield* together(clearFailures([...clearedKeys, codeKey]))
        yield* recordChange({at: now, action: 'session.confirm', by, target: sessionId})
        return {outcome: 'confirmed'}
      }),

    completeChallenge: ({hash, userId, proof, session, earlier, isWeb, lifetimes, clearedKeys}, by, now) =>
      port.write(function* () {
        const challenge = yield* findChallenge(hash)
        if (challenge?.closed_at !== null || !(yield* findActive(userId))) return 'changed'
        if (!(yield* isAccepted(userId, proof, now))) return 'used'
        yield* run(tables.updateTable('challenges').set({closed_at: now}).where('hash', '=', hash))
        yield* insertSession({session, family: session.id, userId, startedAt: now, login: by, isWeb}, lifetimes, now)
        yield* endEarlier(earlier, session, by, now)
        yield* together(clearFailures([...clearedKeys, codeFailureKey(userId)]))
        const actor = {...by, credentialId: session.id}
        yield* recordChange({at: now, action: 'login', by: actor, target: session.id, detail: {mfa: proof.kind}})
        return 'started'
      }),
  }
}
