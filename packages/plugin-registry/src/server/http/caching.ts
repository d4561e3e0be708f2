import type {Visibility} from '../store/store.js'

/**
 * The caching headers of a response about a package. Shared caches may store it only if anyone can read the package.
 *
 * @param freshness directives of `Cache-Control` (RFC 9111 §5.2.2).
 */
export function cachingOf(
  visibility: Visibility,
  {anonymousRead}: {anonymousRead: boolean},
  freshness: string,
): Record<string, string> {
  if (visibility === 'public' && anonymousRead) return {'cache-control': `public, ${freshness}`}
  return {'cache-control': `private, ${freshness}`, vary: 'authorization'}
}
