import {scopeOf} from '@apkg/package-format'
import {coversPackage, type Grant, grantsOf} from '@apkg/wire'

import type {Credential} from './credential.js'
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
  return access.role !== undefined && credential !== undefined && allows(credential, 'read', name)
}

/** Whether a package can be published, tagged and deprecated. It does not have to exist. */
export function canChange(access: PackageAccess, name: string, credential: Credential): boolean {
  return (access.role === 'owner' || access.role === 'publisher') && allows(credential, 'publish', name)
}

function allows(credential: Credential, grant: Grant, name: string): boolean {
  if (credential.kind === 'session') return true
  return grantsOf(credential.scopes).has(grant) && coversPackage(credential.patterns, name)
}
