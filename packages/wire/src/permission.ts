/** The actions that a credential can be checked for. `yank` requires the same permission as `deprecate`. */
export const packageActions = ['publish', 'read', 'deprecate', 'tag', 'yank'] as const

export type PackageAction = (typeof packageActions)[number]

/** Why a credential does not allow an action. A registry may send other codes. */
export const permissionCodes = [
  'SCOPE_INSUFFICIENT',
  'PACKAGE_FORBIDDEN',
  'ADDRESS_REFUSED',
  'EXPIRES_SOON',
  'SPENT',
  'VERSION_EXISTS',
  'WOULD_CREATE_PACKAGE',
] as const

export type PermissionCode = (typeof permissionCodes)[number]

/** Seconds. */
export const maxPermissionTtl = 100 * 365 * 86_400
