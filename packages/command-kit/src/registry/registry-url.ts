import {failure} from '../errors/define-failures.js'
import {shownUrl} from './shown-url.js'

export const publicRegistry = 'https://api.apkg.ai'

/**
 * Converts the URL of a registry to its canonical form, under which credentials are stored: scheme and host in lowercase,
 * no default port, no trailing slashes. `https://API.apkg.ai:443/` becomes `https://api.apkg.ai`.
 *
 * @param origin where the URL comes from, for the error: `--registry`, `APKG_REGISTRY`, a config key
 * @throws {ApkgError} `REGISTRY_INVALID` if it isn't an http or https URL, has userinfo, a query or a fragment, or uses
 *   plain http to another machine
 */
export function canonicalRegistry(text: string, origin: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  const invalid = (reason: string) => failure('REGISTRY_INVALID', {url: shownUrl(text), origin, reason})
  if (!url) throw invalid('it is not a URL')
  if (url.username !== '' || url.password !== '') throw invalid('it contains a username or password')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('it is not an https or http URL')
  if (url.search !== '' || url.hash !== '') throw invalid('it contains a query or a fragment')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalid('plain http would expose credentials to the network, and is allowed only for localhost')
  }
  return url.origin + withoutSlashes(url.pathname)
}

/** Removes slashes at the end. A regular expression would take quadratic time for many slashes elsewhere. */
function withoutSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** Whether the host of a URL is this machine: `localhost`, 127.0.0.0/8 or `::1`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}

/**
 * Whether a URL has the same origin as a base URL, and a path at or below that of the base. URLs with an encoded slash or
 * backslash are never within it, because a server could decode it.
 */
export function isUrlWithin(target: URL, base: string): boolean {
  if (/%2f|%5c/i.test(target.pathname)) return false
  const {origin, pathname} = new URL(base)
  const root = withoutSlashes(pathname)
  return target.origin === origin && (target.pathname === root || target.pathname.startsWith(`${root}/`))
}
