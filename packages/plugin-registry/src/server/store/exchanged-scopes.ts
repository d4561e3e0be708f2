import type {Scope} from '@apkg/wire'

/**
 * Returns the scopes of an exchanged token. A publisher of a scope can also publish new packages. If only trusted
 * publishers can change a scope, they can also deprecate, because no one else can.
 */
export function exchangedScopes({package: published, isRequired}: {package: string; isRequired: boolean}): Scope[] {
  const first: Scope[] = published.endsWith('/*') ? ['publish:new'] : []
  return ['read', ...first, 'publish:update', 'tag', ...(isRequired ? (['deprecate'] as const) : [])]
}
