/**
 * The scopes that can be requested for a token. `ci` is the same as `publish`, for clients of the original protocol.
 */
export const scopes = [
  'read',
  'publish',
  'ci',
  'admin',
  'publish:new',
  'publish:update',
  'tag',
  'deprecate',
  'token:read',
  'token:rotate',
] as const

export type Scope = (typeof scopes)[number]

/** The scopes to choose from. */
export const offeredScopes: readonly Exclude<Scope, 'ci'>[] = scopes.filter((scope) => scope !== 'ci')

/** The scopes of a token that was created without naming any. */
export const defaultScopes: readonly Scope[] = ['read', 'publish']

/** A session allows everything that a token can allow. */
export const sessionScopes: readonly Scope[] = ['read', 'publish', 'admin']

/** A single permission, completing "a credential can …". Endpoints require rights, and never look at scopes. */
export const rights = {
  read: 'read private packages',
  'publish:new': 'publish the first version of a package',
  'publish:update': 'publish further versions of a package',
  tag: 'set and remove dist-tags',
  deprecate: 'deprecate packages and versions',
  'token:read': "list its owner's tokens, and show their log",
  'token:rotate': 'rotate itself',
  'manage-tokens': "revoke and suspend its owner's tokens",
  'manage-keys': 'manage signing keys',
} as const

export type Right = keyof typeof rights

/** The rights to change packages. Each change costs a use of a token with a limited number of uses. */
export const changingRights = ['publish:new', 'publish:update', 'tag', 'deprecate'] as const satisfies Right[]

/** The scopes of a token that is limited to one release. They are the defaults, and no other scope is allowed. */
export const releaseScopes = ['publish:new', 'publish:update', 'tag'] as const satisfies Scope[]

/** The largest number of uses that a token can be limited to. */
export const maxUses = 1_000_000

const publishing = ['read', ...changingRights] as const

/** The rights that concern a user's account. */
const rightsOfAccount: readonly Right[] = ['token:read', 'manage-tokens', 'manage-keys']

/** What each scope allows. This table is the only place that decides it. */
const rightsOfScope: Record<Scope, readonly Right[]> = {
  read: ['read'],
  publish: publishing,
  ci: publishing,
  admin: [...publishing, 'token:read', 'token:rotate', 'manage-tokens', 'manage-keys'],
  'publish:new': ['publish:new'],
  'publish:update': ['publish:update'],
  tag: ['tag'],
  deprecate: ['deprecate'],
  'token:read': ['token:read'],
  'token:rotate': ['token:rotate'],
}

/** Whether a token of an organization can have a scope. Only its admins see and manage its tokens, and keys belong to users. */
export function isOrganizationScope(scope: Scope): boolean {
  return ![...rightsOf([scope])].some((right) => rightsOfAccount.includes(right))
}

/** Not to be confused with the scope of a package name, `isPackageScope`. */
export function isTokenScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text)
}

/** Returns the scopes that a list in a response means. An empty or absent list means the default scopes. */
export function effectiveScopes(listed: readonly string[] | undefined): readonly string[] {
  return listed === undefined || listed.length === 0 ? defaultScopes : listed
}

/** Returns every right that is part of at least one of the scopes. An unknown scope has none. */
export function rightsOf(listed: readonly string[]): ReadonlySet<Right> {
  return new Set(listed.flatMap((scope) => (isTokenScope(scope) ? rightsOfScope[scope] : [])))
}

/**
 * Returns the scopes in a list that allow something that another list doesn't. Only its registry knows what a scope that
 * the protocol doesn't define allows, so it is never covered by other scopes.
 */
export function scopesBeyond(listed: readonly string[], others: readonly string[]): string[] {
  const wanted = effectiveScopes(listed)
  const held = effectiveScopes(others)
  const heldRights = rightsOf(held)
  const isBeyond = (scope: string) =>
    isTokenScope(scope) ? [...rightsOf([scope])].some((right) => !heldRights.has(right)) : !held.includes(scope)
  return [...new Set(wanted.filter(isBeyond))]
}
