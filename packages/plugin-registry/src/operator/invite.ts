import {newInvitation} from '../server/auth/invitation-link.js'
import {operator, type RegistryStore, type Role} from '../server/store/store.js'
import {failure} from './failures.js'
import {findOrganization, findUser} from './with-store.js'

/** A new link. No other output contains its code. */
export interface InvitationLink {
  /** Username. */
  name: string
  /** The link, with which one person sets the password. */
  url: string
  /** @format date-time */
  expiresAt: string
}

/** The user to invite. `org`: the organization to join. */
export interface InvitedUser {
  name: string
  email: string
  org: string | undefined
  role: Role
}

/**
 * Makes a link that adds a user.
 *
 * @param registry URL of the registry, without a trailing slash
 * @throws {ApkgError} `USER_NAME_TAKEN`, `ORG_NOT_FOUND`
 */
export async function invite(
  store: RegistryStore,
  {name, email, org, role}: InvitedUser,
  registry: string,
  now: Date,
): Promise<InvitationLink> {
  const membership = org === undefined ? null : {organizationId: (await findOrganization(store, org)).id, role}
  const {url, stored} = newInvitation('invite', registry, now.getTime())
  const draft = {...stored, name, email, membership, createdBy: null}
  if ((await store.invitations.invite(draft, operator, now.getTime())) === 'taken') {
    throw failure('USER_NAME_TAKEN', {name})
  }
  return {name, url, expiresAt: new Date(stored.expiresAt).toISOString()}
}

/**
 * Makes a link with which a user sets a new password, and ends the user's sessions.
 *
 * @param registry URL of the registry, without a trailing slash
 * @throws {ApkgError} `USER_NOT_FOUND`
 */
export async function resetUser(
  store: RegistryStore,
  name: string,
  registry: string,
  now: Date,
): Promise<InvitationLink & {sessions: number}> {
  const {id: userId} = await findUser(store, name)
  const {url, stored} = newInvitation('reset', registry, now.getTime())
  const {sessions} = await store.invitations.reset({...stored, userId, createdBy: null}, operator, now.getTime())
  return {name, url, expiresAt: new Date(stored.expiresAt).toISOString(), sessions}
}
