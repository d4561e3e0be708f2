/**
 * What a token may do.
 *
 * `read`: private packages. `publish`: read, and publish, tag and deprecate within its package patterns. `ci`: the same
 * as `publish`. `admin`: publish, and keys, and list and revoke its owner's tokens.
 */
export const scopes = ['read', 'publish', 'ci', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** What a token may do when nothing was asked for. */
export const defaultScopes: readonly Scope[] = ['read', 'publish']

/** What each scope grants; authority is checked against grants, never against scope names. */
export type Grant = 'read' | 'publish' | 'manage-tokens' | 'manage-keys'

const grantsOfScope: Record<Scope, readonly Grant[]> = {
  read: ['read'],
  publish: ['read', 'publish'],
  ci: ['read', 'publish'],
  admin: ['read', 'publish', 'manage-tokens', 'manage-keys'],
}

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text)
}

/** Everything that a set of scopes grants together. */
export function grantsOf(held: readonly Scope[]): ReadonlySet<Grant> {
  return new Set(held.flatMap((scope) => grantsOfScope[scope]))
}
