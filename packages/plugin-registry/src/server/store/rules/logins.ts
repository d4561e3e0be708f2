import {countFailure, type FailureCount, type LoginDelay, nextAttemptAt} from '../login-delay.js'
import type {SecretBox} from '../secret-box.js'
import type {CodeAttempt, LoginStore, MfaProof} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {insertSession} from './session-rows.js'

const day = 24 * 3_600_000

/** Wrong codes of a user are counted under one key, regardless of the challenge. */
const codeFailureKey = (userId: string) => `code:${userId}`

export function createLoginStore(connection: Connection, box: SecretBox): LoginStore {
  const {build} = connection

  function readFailures(key: string): FailureCount | undefined {
    const row = connection.first(build.selectFrom('login_failures').selectAll().where('key', '=', key))
    return row && {failures: row.failures, lastAt: row.last_at}
  }

  function addFailure(key: string, delay: LoginDelay, now: number): void {
    const {failures, lastAt} = countFailure(readFailures(key), delay, now)
    connection.run(
      build
        .insertInto('login_failures')
        .values({key, failures, last_at: lastAt})
        .onConflict((conflict) => conflict.column('key').doUpdateSet({failures, last_at: lastAt})),
    )
  }

  function clearFailures(keys: string[]): void {
    for (const key of keys) connection.run(build.deleteFrom('login_failures').where('key', '=', key))
  }

  function isAccepted(userId: string, proof: MfaProof, now: number): boolean {
    if (proof.kind === 'recovery') {
      const unused = build.updateTable('recovery_codes').set({used_at: now}).where('user_id', '=', userId)
      return connection.run(unused.where('hash', '=', proof.hash).where('used_at', 'is', null)) === 1
    }
    const {step} = proof
    return (
      connection.run(
        build
          .updateTable('users')
          .set({totp_last_step: step})
          .where('id', '=', userId)
          .where((either) => either.or([either('totp_last_step', 'is', null), either('totp_last_step', '<', step)])),
      ) === 1
    )
  }

  function findActive(userId: string) {
    return connection.first(
      build
        .selectFrom('users')
        .selectAll()
        .where('id', '=', userId)
        .where('disabled_at', 'is', null)
        .where('removed_at', 'is', null),
    )
  }

  /** The user, unless the password was changed since it was verified outside of the transaction. */
  function findVerified(userId: string, passwordHash: string) {
    const user = findActive(userId)
    return user?.password_hash === passwordHash ? user : undefined
  }

  return {
    failures: async (key) => readFailures(key),

    recordFailure: (keys, reason, by, now) =>
      connection.write(() => {
        connection.run(build.deleteFrom('login_failures').where('last_at', '<', now - day))
        for (const {key, delay} of keys) addFailure(key, delay, now)
        recordChange(connection, {at: now, action: 'login.fail', by, detail: {reason}})
      }),

    openChallenge: ({hash, userId, passwordHash, expiresAt}, now) =>
      connection.write(() => {
        const user = findVerified(userId, passwordHash)
        if (!user || user.mfa_enabled_at === null) return 'changed'
        connection.run(build.deleteFrom('challenges').where('expires_at', '<', now - day))
        connection.run(
          build.insertInto('challenges').values({hash, user_id: userId, expires_at: expiresAt, attempts: 0}),
        )
        return 'opened'
      }),

    attemptCode: (hash, {attempts, delay}, now) =>
      connection.write((): CodeAttempt => {
        const challenge = connection.first(build.selectFrom('challenges').selectAll().where('hash', '=', hash))
        const isOpen = challenge?.closed_at === null && challenge.expires_at > now && challenge.attempts < attempts
        if (!isOpen) return {outcome: 'closed'}
        const user = connection.first(build.selectFrom('users').selectAll().where('id', '=', challenge.user_id))
        if (!user?.totp_secret) return {outcome: 'closed'}
        const key = codeFailureKey(user.id)
        const until = nextAttemptAt(readFailures(key), delay)
        if (until > now) return {outcome: 'delayed', until}
        addFailure(key, delay, now)
        connection.run(
          build
            .updateTable('challenges')
            .set({attempts: challenge.attempts + 1})
            .where('hash', '=', hash),
        )
        const totpSecret = box.open(user.totp_secret, user.id)
        return {outcome: 'allowed', user: {id: user.id, name: user.name, disabledAt: user.disabled_at, totpSecret}}
      }),

    completePassword: ({userId, passwordHash, session, lifetimes, clearedKeys}, by, now) =>
      connection.write(() => {
        if (findVerified(userId, passwordHash)?.mfa_enabled_at !== null) return 'changed'
        insertSession(connection, {session, family: session.id, userId, startedAt: now}, lifetimes, now)
        clearFailures(clearedKeys)
        const actor = {...by, credentialId: session.id}
        recordChange(connection, {at: now, action: 'login', by: actor, target: session.id})
        return 'started'
      }),

    completeChallenge: ({hash, userId, proof, session, lifetimes, clearedKeys}, by, now) =>
      connection.write(() => {
        const challenge = connection.first(build.selectFrom('challenges').selectAll().where('hash', '=', hash))
        if (challenge?.closed_at !== null || !findActive(userId)) return 'changed'
        if (!isAccepted(userId, proof, now)) return 'used'
        connection.run(build.updateTable('challenges').set({closed_at: now}).where('hash', '=', hash))
        insertSession(connection, {session, family: session.id, userId, startedAt: now}, lifetimes, now)
        clearFailures([...clearedKeys, codeFailureKey(userId)])
        const actor = {...by, credentialId: session.id}
        recordChange(connection, {at: now, action: 'login', by: actor, target: session.id, detail: {mfa: proof.kind}})
        return 'started'
      }),
  }
}
