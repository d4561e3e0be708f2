import {actorOf} from '../auth/actor.js'
import {Refusal} from '../http/refusal.js'
import type {MemberKey, MemberProblem} from '../store/store.js'
import type {Handler} from './handler.js'

export const listMembers: Handler<'listMembers'> = async ({params: {organization}, credential}, {store}) => {
  const members = await store.members.list(organization, credential.owner.id)
  if (members === 'forbidden') {
    const message = `You are not a member of ${organization}, or it does not exist`
    throw new Refusal('ORGANIZATION_FORBIDDEN', {message})
  }
  return {organization, members: members.map(({name: user, role}) => ({user, role}))}
}

export const setMember: Handler<'setMember'> = async ({params, body: {role}, credential, client, now}, {store}) => {
  const member = {...params, role}
  const outcome = await store.members.set(member, credential, actorOf(credential, client), now.getTime())
  if (outcome !== 'added' && outcome !== 'changed' && outcome !== 'unchanged') throw memberRefusal(outcome, params)
  return {...member, outcome}
}

export const removeMember: Handler<'removeMember'> = async (call, {store}) => {
  const {params, query, credential, client, now} = call
  const isKept = query.keepAccess ?? false
  const suspension = isKept ? null : {reason: `${params.user} was removed from ${params.organization}`}
  const by = actorOf(credential, client)
  const created = await store.members.remove(params, suspension, credential, by, now.getTime())
  if (typeof created === 'string') throw memberRefusal(created, params)
  const statusOf = (isSuspended: boolean) => (isSuspended ? 'already' : isKept ? 'kept' : 'suspended')
  return {
    ...params,
    tokens: created.tokens.map(({id, label: name, isSuspended}) => ({id, name, status: statusOf(isSuspended)})),
    trustedPublishers: created.publishers.map(({isSuspended, ...publisher}) => ({
      ...publisher,
      status: statusOf(isSuspended),
    })),
  }
}

function memberRefusal(problem: MemberProblem, {organization, user}: MemberKey): Refusal {
  switch (problem) {
    case 'session-ended':
      return new Refusal('CREDENTIAL_REVOKED', {message: 'The session became invalid during the request'})
    case 'forbidden':
      return new Refusal('ORGANIZATION_FORBIDDEN', {message: `Only admins of ${organization} can manage its members`})
    case 'unknown-user':
      return new Refusal('USER_UNKNOWN', {message: `The user ${user} does not exist`})
    case 'not-a-member':
      return new Refusal('MEMBER_UNKNOWN', {message: `${user} is not a member of ${organization}`})
    case 'last-admin':
      return new Refusal('LAST_ADMIN', {message: `${user} is the only admin of ${organization}`})
  }
}
