import {all, first, type Port, type Rule, run, type Step, together} from '../port.js'
import type {Invitation, InvitationStore, Role} from '../store.js'
import {recordChange} from './audit.js'
import {setMember} from './organizations.js'
import {tables} from './tables.js'
import {addUser, changePassword, closeChallenges, closeResets, endSessions} from './users.js'

/** Selects the invitations that can be used. Those of an operator end with the role. */
function usable(now: number) {
  return (
    tables
      .selectFrom('invitations as i')
      .leftJoin('users as maker', 'maker.id', 'i.created_by')
      .leftJoin('users as target', 'target.id', 'i.user_id')
      .leftJoin('organizations as o', 'o.id', 'i.organization_id')
      .selectAll('i')
      .select(['maker.name as maker_name', 'o.name as organization_name'])
      .where('i.closed_at', 'is', null)
      .where('i.expires_at', '>', now)
      .where((row) =>
        row.or([
          row('i.created_by', 'is', null),
          row.and([
            row('maker.operator_since', 'is not', null),
            row('maker.disabled_at', 'is', null),
            row('maker.removed_at', 'is', null),
          ]),
        ]),
      )
      .where('target.removed_at', 'is', null)
      // Only commands on the server can change the password of an operator.
      .where((row) => row.or([row('i.created_by', 'is', null), row('target.operator_since', 'is', null)]))
  )
}

type Row = Parameters<typeof toInvitation>[0]

function close(id: string, now: number): Step<number> {
  return run(
    tables.updateTable('invitations').set({closed_at: now}).where('id', '=', id).where('closed_at', 'is', null),
  )
}

export function createInvitations(port: Port): InvitationStore {
  return {
    invite: ({id, codeHash, name, email, membership, createdBy, expiresAt}, by, now) =>
      port.write(function* () {
        if (yield* first(tables.selectFrom('names').select('name').where('name', '=', name))) return 'taken'
        const joined = {organization_id: membership?.organizationId ?? null, role: membership?.role ?? null}
        const row = {id, code_hash: codeHash, name, email, ...joined, user_id: null, created_by: createdBy}
        yield* together([
          run(tables.insertInto('invitations').values({...row, created_at: now, expires_at: expiresAt})),
          recordChange({at: now, action: 'user.invite', by, target: id, detail: {name, ...membership}}),
        ])
        return 'created'
      }),

    reset: ({id, codeHash, userId, createdBy, expiresAt}, by, now) =>
      port.write(function* () {
        const user = yield* first(tables.selectFrom('users').select('name').where('id', '=', userId))
        const row = {id, code_hash: codeHash, name: user?.name ?? '', user_id: userId, created_by: createdBy}
        const [, sessions] = yield* together([
          closeResets(userId, now),
          endSessions(userId, now),
          ...closeChallenges(userId, now),
          run(tables.insertInto('invitations').values({...row, created_at: now, expires_at: expiresAt})),
        ])
        yield* recordChange({at: now, action: 'user.reset', by, target: userId, detail: {sessions, invitation: id}})
        return {sessions}
      }),

    async list(now) {
      return (await port.ask(all(usable(now).orderBy('i.created_at').orderBy('i.id')))).map(toInvitation)
    },

    async find(codeHash, now) {
      const row = await port.ask(first(usable(now).where('i.code_hash', '=', codeHash)))
      return row && toInvitation(row)
    },

    accept: ({codeHash, newUserId, passwordHash}, client, now) =>
      port.write(
        function* (): Rule<'accepted' | 'taken' | 'void'> {
          const row: (Row & {organization_id: string | null}) | undefined = yield* first(
            usable(now).where('i.code_hash', '=', codeHash),
          )
          if (!row || (yield* close(row.id, now)) === 0) return 'void'
          const {id, name, email, organization_id, role, user_id} = row
          const by = {...client, name}
          if (user_id !== null) {
            yield* changePassword(user_id, passwordHash, by, now, {invitation: id})
            return 'accepted'
          }
          yield* addUser({id: newUserId, name, email: email ?? '', passwordHash}, by, now, {invitation: id})
          if (organization_id !== null && role !== null) {
            yield* setMember({organizationId: organization_id, userId: newUserId, role}, by, now, {invitation: id})
          }
          return 'accepted'
        },
        {ifTaken: 'taken'},
      ),

    revoke: (id, by, now) =>
      port.write(function* () {
        if ((yield* close(id, now)) === 0) return 'unknown'
        yield* recordChange({at: now, action: 'user.invite-revoke', by, target: id})
        return 'revoked'
      }),
  }
}

function toInvitation(row: {
  id: string
  name: string
  email: string | null
  organization_name: string | null
  role: Role | null
  user_id: string | null
  maker_name: string | null
  created_at: number
  expires_at: number
}): Invitation {
  const {organization_name: organization, role} = row
  return {
    id: row.id,
    kind: row.user_id === null ? 'invite' : 'reset',
    name: row.name,
    email: row.email,
    membership: organization === null || role === null ? null : {organization, role},
    createdBy: row.maker_name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
