import type {Selectable} from 'kysely'

import {all, first, type Port, type Rule, run, type Step, together} from '../port.js'
import type {Schema} from '../schema.js'
import type {Actor, Member, Organization, OrganizationStore, Role} from '../store.js'
import {recordChange} from './audit.js'
import {tables} from './tables.js'

function findMember(organizationId: string, userId: string): Step<{role: Role} | undefined> {
  const held = tables.selectFrom('members').select('role').where('organization_id', '=', organizationId)
  return first(held.where('user_id', '=', userId))
}

type Membership = {organizationId: string; userId: string}

export function* removeMember(
  {organizationId, userId}: Membership,
  by: Actor,
  now: number,
): Rule<'removed' | 'absent'> {
  const membership = tables.deleteFrom('members').where('organization_id', '=', organizationId)
  if ((yield* run(membership.where('user_id', '=', userId))) === 0) return 'absent'
  yield* recordChange({at: now, action: 'org.remove', by, target: organizationId, detail: {user: userId}})
  return 'removed'
}

/** Adds a member, or changes a member's role. */
export function* setMember(
  {organizationId, userId, role}: Membership & {role: Role},
  by: Actor,
  now: number,
  detail: Record<string, string> = {},
): Rule<'added' | 'changed' | 'unchanged'> {
  const before = (yield* findMember(organizationId, userId))?.role
  if (before === role) return 'unchanged'
  yield* run(
    tables
      .insertInto('members')
      .values({organization_id: organizationId, user_id: userId, role, added_at: now})
      .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doUpdateSet({role})),
  )
  yield* recordChange({at: now, action: 'org.add', by, target: organizationId, detail: {user: userId, role, ...detail}})
  return before === undefined ? 'added' : 'changed'
}

export function createOrganizationStore(port: Port): OrganizationStore {
  return {
    add: ({id, name}, by, now) =>
      port.write(
        function* (): Rule<'added' | 'taken'> {
          yield* together([
            run(tables.insertInto('names').values({name, holder: 'organization', taken_at: now})),
            run(tables.insertInto('organizations').values({id, name, created_at: now})),
            recordChange({at: now, action: 'org.create', by, target: id, detail: {name}}),
          ])
          return 'added'
        },
        {ifTaken: 'taken'},
      ),

    async list() {
      const organizations = tables.selectFrom('organizations').selectAll().orderBy('name')
      return (await port.ask(all(organizations))).map(toOrganization)
    },

    listStaffed: ({after, limit} = {}) =>
      port.read(function* () {
        let organizations = tables.selectFrom('organizations').selectAll().orderBy('name')
        if (after !== undefined) organizations = organizations.where('name', '>', after)
        if (limit !== undefined) organizations = organizations.limit(limit)
        const found = (yield* all(organizations)).map(toOrganization)
        const members = yield* all(
          tables
            .selectFrom('members')
            .innerJoin('users', 'users.id', 'members.user_id')
            .innerJoin('organizations', 'organizations.id', 'members.organization_id')
            .select(['members.organization_id', 'users.id', 'users.name', 'members.role'])
            .where('organizations.name', '>=', found[0]?.name ?? '')
            .where('organizations.name', '<=', found.at(-1)?.name ?? '')
            .orderBy('users.name'),
        )
        const staffed = new Map(found.map((each) => [each.id, {...each, members: [] as Member[]}]))
        for (const {organization_id, id, name, role} of members) {
          staffed.get(organization_id)?.members.push({userId: id, name, role})
        }
        return [...staffed.values()]
      }),

    async find(name) {
      const row = await port.ask(first(tables.selectFrom('organizations').selectAll().where('name', '=', name)))
      return row && toOrganization(row)
    },

    setMember: (member, by, now) => port.write(() => setMember(member, by, now)),

    removeMember: (member, by, now) => port.write(() => removeMember(member, by, now)),

    async members(organizationId) {
      const members = tables
        .selectFrom('members')
        .innerJoin('users', 'users.id', 'members.user_id')
        .select(['users.id', 'users.name', 'members.role'])
        .where('organization_id', '=', organizationId)
        .orderBy('users.name')
      return (await port.ask(all(members))).map(({id, name, role}) => ({userId: id, name, role}))
    },

    async ofUser(userId) {
      const memberships = tables
        .selectFrom('members')
        .innerJoin('organizations', 'organizations.id', 'members.organization_id')
        .select(['organizations.name', 'members.role'])
        .where('user_id', '=', userId)
        .orderBy('organizations.name')
      return (await port.ask(all(memberships))).map(({name, role}) => ({name, role}))
    },
  }
}

function toOrganization(row: Selectable<Schema['organizations']>): Organization {
  return {id: row.id, name: row.name, createdAt: row.created_at}
}
