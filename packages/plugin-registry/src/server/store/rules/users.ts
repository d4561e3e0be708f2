import type {Selectable} from 'kysely'

import {all, first, type Port, type Rule, run, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import type {SecretBox} from '../secret-box.js'
import type {Actor, User, UserStore} from '../store.js'
import {recordChange} from './audit.js'
import {tables} from './tables.js'

export function endSessions(userId: string, now: number): Step<number> {
  return run(
    tables.updateTable('sessions').set({revoked_at: now}).where('user_id', '=', userId).where('revoked_at', 'is', null),
  )
}

/** Counts the sessions and tokens that `endCredentials` would revoke. */
export function* countCredentials(userId: string): Rule<{sessions: number; tokens: number}> {
  const [sessions, tokens] = yield* together([
    first(
      tables
        .selectFrom('sessions')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null),
    ),
    first(
      tables
        .selectFrom('tokens')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('user_id', '=', userId)
        .where('organization_id', 'is', null)
        .where('revoked_at', 'is', null),
    ),
  ])
  return {sessions: sessions?.count ?? 0, tokens: tokens?.count ?? 0}
}

/** Tokens of organizations stay valid without the user who created them. */
function revokeTokens(userId: string, by: Actor, now: number): Step<number> {
  return run(
    tables
      .updateTable('tokens')
      .set({revoked_at: now, revoked_by: by.name})
      .where('user_id', '=', userId)
      .where('organization_id', 'is', null)
      .where('revoked_at', 'is', null),
  )
}

/** Voids what the user has begun but not completed: logins, and requests that a browser approved. */
export function closeChallenges(userId: string, now: number): Step<number>[] {
  const closed = {closed_at: now}
  return [
    run(tables.updateTable('challenges').set(closed).where('user_id', '=', userId).where('closed_at', 'is', null)),
    run(
      tables
        .updateTable('browser_requests')
        .set(closed)
        .where('approved_by', '=', userId)
        .where('closed_at', 'is', null),
    ),
  ]
}

/** Voids the links with which the user could set a password. */
export function closeResets(userId: string, now: number): Step<number> {
  return closeInvitations('user_id', userId, now)
}

/** Voids the links that the user made as an operator. They stay void if the user gets the role again. */
function closeMadeLinks(userId: string, now: number): Step<number> {
  return closeInvitations('created_by', userId, now)
}

function closeInvitations(column: 'created_by' | 'user_id', userId: string, now: number): Step<number> {
  const open = tables.updateTable('invitations').set({closed_at: now}).where('closed_at', 'is', null)
  return run(open.where(column, '=', userId))
}

/** Revokes all sessions and tokens of the user. */
function* endCredentials(userId: string, by: Actor, now: number): Rule<{sessions: number; tokens: number}> {
  const [sessions, tokens] = yield* together([
    endSessions(userId, now),
    revokeTokens(userId, by, now),
    ...closeChallenges(userId, now),
    closeResets(userId, now),
  ])
  return {sessions, tokens}
}

/** Disables a user, or enables the user again. */
export function* disableUser(id: string, isDisabled: boolean, by: Actor, now: number): Rule<void> {
  yield* run(
    tables
      .updateTable('users')
      .set({disabled_at: isDisabled ? now : null})
      .where('id', '=', id),
  )
  if (isDisabled) yield* together([closeResets(id, now), closeMadeLinks(id, now)])
  yield* recordChange({at: now, action: isDisabled ? 'user.disable' : 'user.enable', by, target: id})
}

export function* removeUser(id: string, by: Actor, now: number): Rule<{sessions: number; tokens: number}> {
  const detail = yield* endCredentials(id, by, now)
  yield* closeMadeLinks(id, now)
  yield* run(tables.deleteFrom('recovery_codes').where('user_id', '=', id))
  yield* run(tables.deleteFrom('members').where('user_id', '=', id))
  yield* run(
    tables
      .updateTable('users')
      .set({
        removed_at: now,
        email: '',
        password_hash: '',
        totp_secret: null,
        mfa_enabled_at: null,
        operator_since: null,
      })
      .where('id', '=', id),
  )
  yield* recordChange({at: now, action: 'user.remove', by, target: id, detail})
  return detail
}

/** Revokes all sessions and tokens of a user, and records it. */
export function* revokeCredentials(id: string, by: Actor, now: number): Rule<{sessions: number; tokens: number}> {
  const detail = yield* endCredentials(id, by, now)
  yield* recordChange({at: now, action: 'user.revoke-all', by, target: id, detail})
  return detail
}

/** Adds a user, whose name must be free. */
export function* addUser(
  {id, name, email, passwordHash}: Parameters<UserStore['add']>[0],
  by: Actor,
  now: number,
  detail: Record<string, string> = {},
): Rule<void> {
  const user = {id, name, email, password_hash: passwordHash, created_at: now}
  yield* together([
    run(tables.insertInto('names').values({name, holder: 'user', taken_at: now})),
    run(tables.insertInto('users').values(user)),
    recordChange({at: now, action: 'user.add', by, target: id, detail: {name, ...detail}}),
  ])
}

/** Sets the password and revokes the sessions, and the links that could set another one. */
export function* changePassword(
  id: string,
  passwordHash: string,
  by: Actor,
  now: number,
  detail: Record<string, string> = {},
): Rule<void> {
  yield* run(tables.updateTable('users').set({password_hash: passwordHash}).where('id', '=', id))
  const [sessions] = yield* together([endSessions(id, now), ...closeChallenges(id, now), closeResets(id, now)])
  yield* recordChange({at: now, action: 'user.passwd', by, target: id, detail: {sessions, ...detail}})
}

export function createUserStore(port: Port, box: SecretBox): UserStore {
  return {
    add: (user, by, now) =>
      port.write(
        function* (): Rule<'added' | 'taken'> {
          yield* addUser(user, by, now)
          return 'added'
        },
        {ifTaken: 'taken'},
      ),

    async list({after, limit} = {}) {
      let users = tables.selectFrom('users').selectAll().where('removed_at', 'is', null).orderBy('name')
      if (after !== undefined) users = users.where('name', '>', after)
      if (limit !== undefined) users = users.limit(limit)
      return (await port.ask(all(users))).map(toUser)
    },

    async find(name) {
      const named = tables.selectFrom('users').selectAll().where('name', '=', name).where('removed_at', 'is', null)
      const row = await port.ask(first(named))
      return row && {...toUser(row), passwordHash: row.password_hash}
    },

    setPassword: (id, passwordHash, by, now) => port.write(() => changePassword(id, passwordHash, by, now)),

    setDisabled: (id, disabled, by, now) => port.write(() => disableUser(id, disabled, by, now)),

    setOperator: (id, isOperator, by, now) =>
      port.write(function* () {
        const changed = yield* run(
          tables
            .updateTable('users')
            .set({operator_since: isOperator ? now : null})
            .where('id', '=', id)
            .where('operator_since', isOperator ? 'is' : 'is not', null),
        )
        if (changed === 0) return 'unchanged'
        yield* isOperator ? closeResets(id, now) : closeMadeLinks(id, now)
        yield* recordChange({at: now, action: isOperator ? 'operator.add' : 'operator.remove', by, target: id})
        return 'changed'
      }),

    remove: (id, by, now) =>
      port.write(function* () {
        yield* removeUser(id, by, now)
      }),

    enrollMfa: (id, {totpSecret, recoveryHashes}, by, now) =>
      port.write(function* () {
        const sealed = box.seal(totpSecret, id)
        yield* run(
          tables
            .updateTable('users')
            .set({totp_secret: sealed, totp_last_step: null, mfa_enabled_at: now})
            .where('id', '=', id),
        )
        yield* run(tables.deleteFrom('recovery_codes').where('user_id', '=', id))
        for (const hash of recoveryHashes) {
          yield* run(tables.insertInto('recovery_codes').values({user_id: id, hash}))
        }
        yield* together(closeChallenges(id, now))
        yield* recordChange({at: now, action: 'user.mfa', by, target: id})
      }),

    revokeAll: (id, by, now) => port.write(() => revokeCredentials(id, by, now)),
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
    operatorSince: row.operator_since,
  }
}
