import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {Organisation, OrganisationStore} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {isUniqueViolation} from './error-kinds.js'

export function createOrganisationStore(connection: Connection): OrganisationStore {
  const {build} = connection

  function roleOf(organisationId: string, userId: string) {
    const held = build.selectFrom('members').select('role').where('organisation_id', '=', organisationId)
    return connection.first(held.where('user_id', '=', userId))?.role
  }

  return {
    async add({id, name}, by, now) {
      try {
        await connection.write(() => {
          connection.run(build.insertInto('names').values({name, holder: 'organisation', taken_at: now}))
          connection.run(build.insertInto('organisations').values({id, name, created_at: now}))
          recordChange(connection, {at: now, action: 'org.create', by, target: id, detail: {name}})
        })
        return 'added'
      } catch (error) {
        if (isUniqueViolation(error)) return 'taken'
        throw error
      }
    },

    async list() {
      return connection.all(build.selectFrom('organisations').selectAll().orderBy('name')).map(toOrganisation)
    },

    async find(name) {
      const row = connection.first(build.selectFrom('organisations').selectAll().where('name', '=', name))
      return row && toOrganisation(row)
    },

    setMember: ({organisationId, userId, role}, by, now) =>
      connection.write(() => {
        const before = roleOf(organisationId, userId)
        if (before === role) return 'unchanged'
        connection.run(
          build
            .insertInto('members')
            .values({organisation_id: organisationId, user_id: userId, role, added_at: now})
            .onConflict((conflict) => conflict.columns(['organisation_id', 'user_id']).doUpdateSet({role})),
        )
        const detail = {user: userId, role}
        recordChange(connection, {at: now, action: 'org.add', by, target: organisationId, detail})
        return before === undefined ? 'added' : 'changed'
      }),

    removeMember: ({organisationId, userId}, by, now) =>
      connection.write(() => {
        const membership = build.deleteFrom('members').where('organisation_id', '=', organisationId)
        if (connection.run(membership.where('user_id', '=', userId)) === 0) return 'absent'
        recordChange(connection, {at: now, action: 'org.remove', by, target: organisationId, detail: {user: userId}})
        return 'removed'
      }),

    async members(organisationId) {
      const rows = connection.all(
        build
          .selectFrom('members')
          .innerJoin('users', 'users.id', 'members.user_id')
          .select(['users.id', 'users.name', 'members.role'])
          .where('organisation_id', '=', organisationId)
          .orderBy('users.name'),
      )
      return rows.map(({id, name, role}) => ({userId: id, name, role}))
    },

    async ofUser(userId) {
      const rows = connection.all(
        build
          .selectFrom('members')
          .innerJoin('organisations', 'organisations.id', 'members.organisation_id')
          .select(['organisations.name', 'members.role'])
          .where('user_id', '=', userId)
          .orderBy('organisations.name'),
      )
      return rows.map(({name, role}) => ({name, role}))
    },
  }
}

function toOrganisation(row: Selectable<Schema['organisations']>): Organisation {
  return {id: row.id, name: row.name, createdAt: row.created_at}
}
