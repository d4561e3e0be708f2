import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {Organization, OrganizationStore} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {isUniqueViolation} from './error-kinds.js'

export function createOrganizationStore(connection: Connection): OrganizationStore {
  const {build} = connection

  function roleOf(organizationId: string, userId: string) {
    const held = build.selectFrom('members').select('role').where('organization_id', '=', organizationId)
    return connection.first(held.where('user_id', '=', userId))?.role
  }

  return {
    async add({id, name}, by, now) {
      try {
        await connection.write(() => {
          connection.run(build.insertInto('names').values({name, holder: 'organization', taken_at: now}))
          connection.run(build.insertInto('organizations').values({id, name, created_at: now}))
          recordChange(connection, {at: now, action: 'org.create', by, target: id, detail: {name}})
        })
        return 'added'
      } catch (error) {
        if (isUniqueViolation(error)) return 'taken'
        throw error
      }
    },

    async list() {
      return connection.all(build.selectFrom('organizations').selectAll().orderBy('name')).map(toOrganization)
    },

    async find(name) {
      const row = connection.first(build.selectFrom('organizations').selectAll().where('name', '=', name))
      return row && toOrganization(row)
    },

    setMember: ({organizationId, userId, role}, by, now) =>
      connection.write(() => {
        const before = roleOf(organizationId, userId)
        if (before === role) return 'unchanged'
        connection.run(
          build
            .insertInto('members')
            .values({organization_id: organizationId, user_id: userId, role, added_at: now})
            .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doUpdateSet({role})),
        )
        const detail = {user: userId, role}
        recordChange(connection, {at: now, action: 'org.add', by, target: organizationId, detail})
        return before === undefined ? 'added' : 'changed'
      }),

    removeMember: ({organizationId, userId}, by, now) =>
      connection.write(() => {
        const membership = build.deleteFrom('members').where('organization_id', '=', organizationId)
        if (connection.run(membership.where('user_id', '=', userId)) === 0) return 'absent'
        recordChange(connection, {at: now, action: 'org.remove', by, target: organizationId, detail: {user: userId}})
        return 'removed'
      }),

    async members(organizationId) {
      const rows = connection.all(
        build
          .selectFrom('members')
          .innerJoin('users', 'users.id', 'members.user_id')
          .select(['users.id', 'users.name', 'members.role'])
          .where('organization_id', '=', organizationId)
          .orderBy('users.name'),
      )
      return rows.map(({id, name, role}) => ({userId: id, name, role}))
    },

    async ofUser(userId) {
      const rows = connection.all(
        build
          .selectFrom('members')
          .innerJoin('organizations', 'organizations.id', 'members.organization_id')
          .select(['organizations.name', 'members.role'])
          .where('user_id', '=', userId)
          .orderBy('organizations.name'),
      )
      return rows.map(({name, role}) => ({name, role}))
    },
  }
}

function toOrganization(row: Selectable<Schema['organizations']>): Organization {
  return {id: row.id, name: row.name, createdAt: row.created_at}
}
