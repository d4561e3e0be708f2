import type {Visibility} from '../store/store.js'

/**
 * The headers that say who may keep an answer about a package: anybody, or its reader alone.
 *
 * @param freshness for how long, as directives of `Cache-Control` (RFC 9111 §5.2.2).
 */
export function cachingOf(
  visibility: Visibility,
  {anonymousRead}: {anonymousRead: boolean},
  freshness: string,
): Record<string, string> {
  if (visibility === 'public' && anonymousRead) return {'cache-control': `public, ${freshness}`}
  return {'cache-control': `private, ${freshness}`, vary: 'authorization'}
}
