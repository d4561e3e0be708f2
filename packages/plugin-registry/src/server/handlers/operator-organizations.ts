import {randomUUID} from 'node:crypto'

import type {ManagedOrganization} from '../http/openapi/index.js'
import {Refusal} from '../http/refusal.js'
import type {Organization, RegistryStore, StaffedOrganization} from '../store/store.js'
import type {Handler} from './handler.js'
import {asOperator, findUser} from './as-operator.js'
import {departureResponse} from './departure-response.js'
import {pageByName} from './page-by-name.js'
import {nameTaken} from './operator-users.js'

export const listOrganizations: Handler<'listOrganizations'> = async ({query}, {store}) => {
  const {shown, nextCursor} = await pageByName(query, (page) => store.organizations.listStaffed(page))
  return {organizations: shown.map(organizationResponse), ...nextCursor}
}

export const getOrganization: Handler<'getOrganization'> = async ({params}, {store}) => {
  const organization = await findOrganization(store, params.organization)
  return organizationResponse({...organization, members: await store.organizations.members(organization.id)})
}

export const createOrganization: Handler<'createOrganization'> = async (call, {store}) => {
  const organization = {id: randomUUID(), name: call.body.name}
  return asOperator(call, store, async ({organizations}, by, now) => {
    if ((await organizations.add(organization, by, now)) === 'taken') throw nameTaken(organization.name)
    return organizationResponse({...organization, createdAt: now, members: []})
  })
}

export const setOrganizationMember: Handler<'setOrganizationMember'> = async (call, {store}) => {
  const {params, body} = call
  const {id: organizationId} = await findOrganization(store, params.organization)
  const {id: userId} = await findUser(store, params.user)
  const member = {organizationId, userId, role: body.role}
  const outcome = await asOperator(call, store, ({organizations}, by, now) => organizations.setMember(member, by, now))
  return {...params, role: body.role, outcome}
}

export const removeOrganizationMember: Handler<'removeOrganizationMember'> = async (call, {store}) => {
  const {params, query} = call
  const {id: organizationId} = await findOrganization(store, params.organization)
  const {id: userId} = await findUser(store, params.user)
  const suspension = query.keepAccess ? null : {reason: `${params.user} was removed from ${params.organization}`}
  const result = await asOperator(call, store, ({departures}, by, now) =>
    departures.depart({kind: 'leave', organizationId, userId}, suspension, by, now),
  )
  if (result.isAbsent) {
    throw new Refusal('MEMBER_UNKNOWN', {message: `${params.user} is not a member of ${params.organization}`})
  }
  return departureResponse(result)
}

/** @throws {Refusal} ORGANIZATION_UNKNOWN */
export async function findOrganization(
  {organizations}: Pick<RegistryStore, 'organizations'>,
  name: string,
): Promise<Organization> {
  const organization = await organizations.find(name)
  if (!organization) throw new Refusal('ORGANIZATION_UNKNOWN', {message: `The organization ${name} does not exist`})
  return organization
}

function organizationResponse({name, createdAt, members}: StaffedOrganization): ManagedOrganization {
  return {
    name,
    createdAt: new Date(createdAt).toISOString(),
    members: members.map(({name: user, role}) => ({user, role})),
  }
}
