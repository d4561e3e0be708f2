/**
 * What a token allows.
 *
 * `read`: read private packages. `publish`: the same, and publish, tag and deprecate the packages that match its
 * patterns. `ci`: the same as `publish`. `admin`: the same as `publish`, and manage signing keys, and list and revoke
 * its owner's tokens.
 */
export const scopes = ['read', 'publish', 'ci', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** The scopes of a token that was created without naming any. */
export const defaultScopes: readonly Scope[] = ['read', 'publish']

/** A single permission. Endpoints require grants and never look at the names of scopes. */
export type Grant = 'read' | 'publish' | 'token:rotate' | 'manage-tokens' | 'manage-keys'

const grantsOfScope: Record<Scope, readonly Grant[]> = {
  read: ['read'],
  publish: ['read', 'publish'],
  ci: ['read', 'publish'],
  admin: ['read', 'publish', 'token:rotate', 'manage-tokens', 'manage-keys'],
}

/** Not to be confused with the scope of a package name, `isPackageScope`. */
export function isTokenScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text)
}

/** Returns the scopes that a list in a response means. An empty or absent list means the default scopes. */
export function effectiveScopes(listed: readonly string[] | undefined): readonly string[] {
  return listed === undefined || listed.length === 0 ? defaultScopes : listed
}

/**
 * Returns what scopes allow, for comparing them: the grants of the scopes that the protocol defines, and any other scope
 * as itself, because only its registry knows what it allows.
 */
export function rightsOf(listed: readonly string[]): ReadonlySet<string> {
  const rightsOfOne = (scope: string): readonly string[] => (isTokenScope(scope) ? grantsOfScope[scope] : [scope])
  return new Set(effectiveScopes(listed).flatMap(rightsOfOne))
}

/** Returns every grant that is part of at least one of the scopes. */
export function grantsOf(tokenScopes: readonly Scope[]): ReadonlySet<Grant> {
  return new Set(tokenScopes.flatMap((scope) => grantsOfScope[scope]))
}
