import {type Role, roles} from './organization-store.js'

/** What members can do. `read`: read private packages. `publish`: publish, tag and deprecate. */
type RoleRight = 'read' | 'publish'

/** What each role allows; `owner` is the user that a scope is named after. This table is the only place that decides it. */
const rightsOfRole: Record<Role | 'owner', readonly RoleRight[]> = {
  owner: ['read', 'publish'],
  admin: ['read', 'publish'],
  publisher: ['read', 'publish'],
  reader: ['read'],
}

/** The roles that allow something. */
export function rolesWith(right: RoleRight): Role[] {
  return roles.filter((role) => hasRoleRight(role, right))
}

/** @param role undefined for a user without one. An unknown role allows nothing. */
export function hasRoleRight(role: Role | 'owner' | undefined, right: RoleRight): boolean {
  return role !== undefined && Object.hasOwn(rightsOfRole, role) && rightsOfRole[role].includes(right)
}
