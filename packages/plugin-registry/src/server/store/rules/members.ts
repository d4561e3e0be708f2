import {hasRoleRight, rolesWith} from '../organization-rights.js'
import {all, first, type Port, type Rule, type Step, together} from '../port.js'
import type {MemberKey, MemberProblem, MemberStore, Role, SessionCredential} from '../store.js'
import {leave} from './departures.js'
import {setMember} from './organizations.js'
import {findLive} from './package-authority.js'
import {tables} from './tables.js'

/** The organization and the user of a change that is allowed. */
interface Target {
  organizationId: string
  userId: string
  /** Undefined if the user isn't a member. */
  role: Role | undefined
}

export function createMemberStore(port: Port): MemberStore {
  return {
    list: (organization, userId) =>
      port.read(function* () {
        const [own, members] = yield* together([findRole(organization, userId), all(membersOf(organization))])
        if (!hasRoleRight(own?.role, 'read')) return 'forbidden'
        return members.map(({id, name, role}) => ({userId: id, name, role}))
      }),

    set: ({role, ...member}, session, by, now) =>
      port.write(function* () {
        const target = yield* findTarget(member, session, now)
        if (typeof target === 'string') return target
        if (!hasRoleRight(role, 'manage') && (yield* isLastAdmin(target))) return 'last-admin'
        return yield* setMember({...target, role}, by, now)
      }),

    remove: (member, suspension, session, by, now) =>
      port.write(function* () {
        const target = yield* findTarget(member, session, now)
        if (typeof target === 'string') return target
        if (target.role === undefined) return 'not-a-member'
        if (yield* isLastAdmin(target)) return 'last-admin'
        return (yield* leave(target, suspension, by, now)).created
      }),
  }
}

/** Only admins find out whether a user exists. */
function* findTarget(
  {organization, user}: MemberKey,
  session: SessionCredential,
  now: number,
): Rule<Target | Extract<MemberProblem, 'session-ended' | 'forbidden' | 'unknown-user'>> {
  const [live, own, found] = yield* together([
    findLive(session, now),
    findRole(organization, session.owner.id),
    first(tables.selectFrom('users').select('id').where('name', '=', user).where('removed_at', 'is', null)),
  ])
  if (live === undefined) return 'session-ended'
  if (!own || !hasRoleRight(own.role, 'manage')) return 'forbidden'
  if (!found) return 'unknown-user'
  const role = (yield* findRole(organization, found.id))?.role
  return {organizationId: own.id, userId: found.id, role}
}

function findRole(organization: string, userId: string): Step<{id: string; role: Role} | undefined> {
  return first(
    tables
      .selectFrom('members')
      .innerJoin('organizations', 'organizations.id', 'members.organization_id')
      .select(['organizations.id', 'members.role'])
      .where('organizations.name', '=', organization)
      .where('members.user_id', '=', userId),
  )
}

function membersOf(organization: string) {
  return tables
    .selectFrom('members')
    .innerJoin('organizations', 'organizations.id', 'members.organization_id')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.name', 'members.role'])
    .where('organizations.name', '=', organization)
    .orderBy('users.name')
}

/** Whether the organization would be left without an admin who can log in. */
function* isLastAdmin({organizationId, userId, role}: Target): Rule<boolean> {
  if (!hasRoleRight(role, 'manage')) return false
  const others = tables
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.id')
    .where('members.organization_id', '=', organizationId)
    .where('members.role', 'in', rolesWith('manage'))
    .where('users.id', '!=', userId)
    .where('users.disabled_at', 'is', null)
    .where('users.removed_at', 'is', null)
  return (yield* first(others)) === undefined
}
