import {organizationRoles} from '@apkg/wire'

import type {Role} from './organization-store.js'

/**
 * What members can do. `read`: read private packages. `publish`: publish, tag and deprecate. `manage`: manage members,
 * trusted publishers and the tokens of the organization.
 */
type RoleRight = 'read' | 'publish' | 'manage'

/** What each role allows. `owner` is the user whose name the scope has. No other code decides this. */
const rightsOfRole: Record<Role | 'owner', readonly RoleRight[]> = {
  owner: ['read', 'publish', 'manage'],
  admin: ['read', 'publish', 'manage'],
  publisher: ['read', 'publish'],
  reader: ['read'],
}

/** Returns the roles that have a right. */
export function rolesWith(right: RoleRight): Role[] {
  return organizationRoles.filter((role) => hasRoleRight(role, right))
}

/** @param role undefined for a user without one. An unknown role allows nothing. */
export function hasRoleRight(role: Role | 'owner' | undefined, right: RoleRight): boolean {
  return role !== undefined && Object.hasOwn(rightsOfRole, role) && rightsOfRole[role].includes(right)
}
