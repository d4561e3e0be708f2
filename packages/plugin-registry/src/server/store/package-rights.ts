import {scopeOf} from '@apkg/package-format'
import {coversPackage, type Right, rightsOf} from '@apkg/wire'

import type {Credential, ExchangedToken} from './credential.js'
import {hasRoleRight} from './organization-rights.js'
import type {Role} from './organization-store.js'
import type {PackageAccess, PackageGate} from './package-store.js'
import type {TokenRestrictions} from './token-restrictions.js'

/** Returns the name of the user or organization that a package's scope belongs to. */
export function scopeHolder(name: string): string {
  return scopeOf(name).slice(1)
}

/** Returns the access of a credential's owner to a package. */
export function accessOf<State extends Pick<PackageAccess, 'visibility'>>(
  credential: Credential,
  name: string,
  state: State,
): State & Pick<PackageAccess, 'role'> {
  return {...state, role: roleOf(credential, scopeHolder(name))}
}

function roleOf(credential: Credential, holder: string): PackageAccess['role'] {
  if (credential.kind === 'exchanged') return publisherRole(credential, holder)
  const {kind, name, organizations} = credential.owner
  if (kind === 'organization') return name === holder ? organizationRole : undefined
  return name === holder ? 'owner' : organizations.find((each) => each.name === holder)?.role
}

/** A token of an organization has the rights of a publisher in its scope, and none elsewhere. */
export const organizationRole: Role = 'publisher'

/** A trusted publisher has the rights of a publisher in its scope. Its patterns limit what it can change. */
export function publisherRole({publisher}: ExchangedToken, holder: string): PackageAccess['role'] {
  return publisher.scope === holder ? 'publisher' : undefined
}

/**
 * Whether a package can be read. Also false if it doesn't exist, because clients must not be able to tell the
 * difference.
 */
export function canRead(
  access: Pick<PackageAccess, 'visibility' | 'role'>,
  name: string,
  credential: Credential | undefined,
): boolean {
  if (access.visibility !== 'private') return access.visibility === 'public'
  return (
    hasRoleRight(access.role, 'read') &&
    credential !== undefined &&
    hasRight(credential, 'read') &&
    // A trusted publisher can read every package of its scope.
    (credential.kind === 'exchanged' || coversName(credential, name))
  )
}

/** Whether only trusted publishers can change a package, and the credential doesn't belong to one. */
export function needsTrustedPublisher(
  {requiresTrustedPublisher}: Pick<PackageGate, 'requiresTrustedPublisher'>,
  credential: Credential,
): boolean {
  return requiresTrustedPublisher && credential.kind !== 'exchanged'
}

/** Whether the owner of a credential can publish, tag and deprecate a package, which may not exist yet. */
export function ownerCanChange({role}: Pick<PackageAccess, 'role'>): boolean {
  return hasRoleRight(role, 'publish')
}

/** Whether a credential has one of the rights that a change requires, for a package that may not exist yet. */
export function canChange(
  access: PackageAccess,
  name: string,
  credential: Credential,
  rights: readonly Right[],
): boolean {
  if (!allowsForRelease(credential, rights)) return false
  return ownerCanChange(access) && rights.some((right) => hasRight(credential, right)) && coversName(credential, name)
}

export const publishingRights = ['publish:new', 'publish:update'] as const satisfies Right[]

/** The only version that a credential can publish; null if it isn't limited to one. Such a token changes nothing else. */
export function releaseOf(credential: Credential): TokenRestrictions['release'] {
  return credential.kind === 'token' ? credential.release : null
}

/** False for every change other than publishing, if a credential is limited to a release. */
export function allowsForRelease(credential: Credential, rights: readonly Right[]): boolean {
  return releaseOf(credential) === null || publishingRights.every((right) => rights.includes(right))
}

/** The facts about a publication that determine which rights it requires. */
export interface PublicationKind {
  /** Whether the package exists. */
  isUpdate: boolean
  /** Whether the version already exists with the same bytes, so that only a dist-tag can change. */
  isIdentical: boolean
  /** The requested dist-tag. */
  tag: string | undefined
}

/** Returns the first right that a publication requires and a credential lacks. */
export function rightMissingToPublish(credential: Credential, kind: PublicationKind): Right | undefined {
  const published: Right[] = kind.isIdentical ? [] : [kind.isUpdate ? 'publish:update' : 'publish:new']
  const needed: Right[] = kind.tag === undefined ? published : [...published, 'tag']
  return needed.find((right) => !hasRight(credential, right))
}

/** Whether a credential has a right. A session has all of them. */
export function hasRight(credential: Credential, right: Right): boolean {
  return credential.kind === 'session' || rightsOf(credential.scopes).has(right)
}

/** Whether a token has no uses left. It can still publish the same bytes again, which isn't counted. */
export function isSpent(credential: Credential): boolean {
  return credential.kind === 'token' && credential.uses?.left === 0
}

function coversName(credential: Credential, name: string): boolean {
  return credential.kind === 'session' || coversPackage(credential.patterns, name)
}
