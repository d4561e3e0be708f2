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
export type Grant = 'read' | 'publish' | 'manage-tokens' | 'manage-keys'

const grantsOfScope: Record<Scope, readonly Grant[]> = {
  read: ['read'],
  publish: ['read', 'publish'],
  ci: ['read', 'publish'],
  admin: ['read', 'publish', 'manage-tokens', 'manage-keys'],
}

/** Not to be confused with the scope of a package name, `isPackageScope`. */
export function isTokenScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text)
}

/** Returns every grant that is part of at least one of the scopes. */
export function grantsOf(tokenScopes: readonly Scope[]): ReadonlySet<Grant> {
  return new Set(tokenScopes.flatMap((scope) => grantsOfScope[scope]))
}
