import {scopeOf} from '@apkg/package-format'
import {coversPackage, type Right, rightsOf} from '@apkg/wire'

import type {Credential} from './credential.js'
import {hasRoleRight} from './organization-rights.js'
import type {PackageAccess, Visibility} from './package-store.js'

/** The name of the user or organization that a package's scope belongs to. */
export function scopeHolder(name: string): string {
  return scopeOf(name).slice(1)
}

/** The access of a credential's owner to a package. @param visibility undefined if the package does not exist. */
export function accessOf({owner}: Credential, name: string, visibility: Visibility | undefined): PackageAccess {
  const holder = scopeHolder(name)
  const role = owner.name === holder ? 'owner' : owner.organizations.find((each) => each.name === holder)?.role
  return {visibility, role}
}

/** Whether a package can be read. Also false if it does not exist, since clients must not see the difference. */
export function canRead(access: PackageAccess, name: string, credential: Credential | undefined): boolean {
  if (access.visibility !== 'private') return access.visibility === 'public'
  return (
    hasRoleRight(access.role, 'read') &&
    credential !== undefined &&
    hasRight(credential, 'read') &&
    coversName(credential, name)
  )
}

/** Whether the owner of a credential can publish, tag and deprecate a package. It does not have to exist. */
export function ownerCanChange({role}: PackageAccess): boolean {
  return hasRoleRight(role, 'publish')
}

/** Whether a credential allows a change of a package that needs one of some rights. It does not have to exist. */
export function canChange(
  access: PackageAccess,
  name: string,
  credential: Credential,
  rights: readonly Right[],
): boolean {
  return ownerCanChange(access) && rights.some((right) => hasRight(credential, right)) && coversName(credential, name)
}

export const publishingRights = ['publish:new', 'publish:update'] as const satisfies Right[]

/** A publication, as far as it decides which rights it needs. */
export interface PublicationKind {
  /** Whether the package exists. */
  isUpdate: boolean
  /** Whether the version exists with the same bytes, so that only a requested dist-tag can change. */
  isIdentical: boolean
  /** The requested dist-tag. */
  tag: string | undefined
}

/** The first right that a publication needs and a credential lacks. */
export function rightMissingToPublish(credential: Credential, kind: PublicationKind): Right | undefined {
  const published: Right[] = kind.isIdentical ? [] : [kind.isUpdate ? 'publish:update' : 'publish:new']
  const needed: Right[] = kind.tag === undefined ? published : [...published, 'tag']
  return needed.find((right) => !hasRight(credential, right))
}

/** Whether a credential has a right. A session has all of them. */
export function hasRight(credential: Credential, right: Right): boolean {
  return credential.kind === 'session' || rightsOf(credential.scopes).has(right)
}

function coversName(credential: Credential, name: string): boolean {
  return credential.kind === 'session' || coversPackage(credential.patterns, name)
}
