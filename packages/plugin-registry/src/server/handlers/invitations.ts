import {randomUUID} from 'node:crypto'

import {acceptedPassword} from '../auth/accepted-password.js'
import type {Client} from '../auth/actor.js'
import {hashSecret} from '../auth/credential-values.js'
import {newInvitation} from '../auth/invitation-link.js'
import type {Invitation as InvitationResponse} from '../http/openapi/index.js'
import {Refusal} from '../http/refusal.js'
import type {Invitation} from '../store/store.js'
import {asOperator, findUser} from './as-operator.js'
import type {Handler, Ports} from './handler.js'
import {findOrganization} from './operator-organizations.js'
import {nameTaken} from './operator-users.js'

export const listInvitations: Handler<'listInvitations'> = async ({now}, {store}) => {
  const invitations = await store.invitations.list(now.getTime())
  return {invitations: invitations.map(invitationResponse)}
}

export const createInvitation: Handler<'createInvitation'> = async (call, ports) => {
  assertOffered(ports)
  const {body, credential, now} = call
  const {name, email, organization, role = 'reader'} = body
  const {store, baseUrl} = ports
  const membership = organization === undefined ? null : {organization, role}
  const organizationId = organization === undefined ? undefined : (await findOrganization(store, organization)).id
  const {url, stored} = newInvitation('invite', baseUrl(), now.getTime())
  const draft = {
    ...{...stored, name, email, createdBy: credential.owner.id},
    membership: organizationId === undefined ? null : {organizationId, role},
  }
  return asOperator(call, store, async ({invitations}, by, at) => {
    if ((await invitations.invite(draft, by, at)) === 'taken') throw nameTaken(name)
    const created = {...stored, kind: 'invite' as const, name, email, membership, createdAt: at}
    return {...invitationResponse({...created, createdBy: credential.owner.name}), url, sessions: 0}
  })
}

export const revokeInvitation: Handler<'revokeInvitation'> = async (call, {store}) => {
  const outcome = await asOperator(call, store, ({invitations}, by, now) => invitations.revoke(call.params.id, by, now))
  if (outcome === 'unknown') throw new Refusal('INVITATION_INVALID')
}

export const resetUser: Handler<'resetUser'> = async (call, ports) => {
  assertOffered(ports)
  const {params, credential, now} = call
  const {store, baseUrl} = ports
  const {id: userId, name} = await findUser(store, params.user)
  const {url, stored} = newInvitation('reset', baseUrl(), now.getTime())
  const draft = {...stored, userId, createdBy: credential.owner.id}
  const change = asOperator(call, store, ({invitations}, by, at) => invitations.reset(draft, by, at), userId)
  const {sessions} = await change
  const made = {...stored, kind: 'reset' as const, name, email: null, membership: null, createdAt: now.getTime()}
  return {...invitationResponse({...made, createdBy: credential.owner.name}), url, sessions}
}

/** The password is only hashed for a code that can be used, because that takes long. */
export const acceptInvitation: Handler<'acceptInvitation'> = async ({body, client, now}, ports) => {
  assertOffered(ports)
  const {store, guard} = ports
  const time = now.getTime()
  const refusal = guard.refuseInvitation(client, time)
  if (refusal) throw refusal
  const codeHash = hashSecret(body.code)
  const invitation = await store.invitations.find(codeHash, time)
  if (!invitation) throw new Refusal('INVITATION_INVALID')
  const accepted = {codeHash, newUserId: randomUUID(), passwordHash: await acceptedPassword(body.password)}
  const outcome = await store.invitations.accept(accepted, actorWithoutName(client), time)
  if (outcome === 'void') throw new Refusal('INVITATION_INVALID')
  if (outcome === 'taken') throw nameTaken(invitation.name)
  return {username: invitation.name}
}

/** Links lead to a page. */
function assertOffered({config}: Ports): void {
  if (!config.browserLogin)
    throw new Refusal('NOT_FOUND', {message: 'The registry serves no pages, so links do not work'})
}

function actorWithoutName({address, agent}: Client) {
  return {credentialId: null, address, agent}
}

function invitationResponse(invitation: Invitation): InvitationResponse {
  const {id, kind, name, email, membership, createdBy, createdAt, expiresAt} = invitation
  return {
    ...{id, kind, name, email, createdBy},
    organization: membership?.organization ?? null,
    role: membership?.role ?? null,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  }
}
