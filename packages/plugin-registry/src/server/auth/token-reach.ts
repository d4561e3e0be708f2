import {Refusal} from '../http/refusal.js'
import {hasRoleRight} from '../store/organization-rights.js'
import type {TokenHolder, TokenReach, UserCredential} from '../store/store.js'

/**
 * Returns the user or the organization whose tokens a request is about.
 *
 * @param organization only its admins can list and change its tokens, and only in a session. Defaults to the user.
 * @throws Refusal ORGANIZATION_FORBIDDEN, the same whether or not the organization exists
 */
export function tokenHolderFor(credential: UserCredential, organization?: string | null): TokenHolder {
  const {kind, owner} = credential
  const isOwn = organization === undefined || organization === null
  if (isOwn && owner.kind === 'user') return owner
  if (kind === 'token') throw new Error('`authorize` refuses tokens here')
  if (isOwn) throw new Error('an organization has no sessions')
  const membership = owner.organizations.find(({name}) => name === organization)
  if (!membership || !hasRoleRight(membership.role, 'manage')) throw organizationForbidden(organization, owner.name)
  return {kind: 'organization', id: membership.id}
}

/** @param user who could be made an admin */
export function organizationForbidden(name: string, user: string): Refusal {
  return new Refusal('ORGANIZATION_FORBIDDEN', {
    message: `Only admins of ${name} can manage its tokens. The operator of the registry can add one with \`apkg registry org add ${name} ${user} --role admin\``,
  })
}

/** The tokens that a request can change by ID. A token of an organization can only change itself. */
export function tokenReachOf({kind, id, owner}: UserCredential): TokenReach {
  if (owner.kind === 'organization') return {kind: 'itself', tokenId: id}
  return {kind: kind === 'session' ? 'managed' : 'own', userId: owner.id}
}
