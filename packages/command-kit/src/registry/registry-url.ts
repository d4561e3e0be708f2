import {failure} from '../errors/define-failures.js'

/** The public registry. */
export const publicRegistry = 'https://api.apkg.ai'

/**
 * The one spelling of a registry's URL, by which credentials are kept: scheme and host in lower case, no default port,
 * the whole path without trailing slashes. `https://API.apkg.ai:443/` becomes `https://api.apkg.ai`.
 *
 * @param origin where the text was found, for the error: `--registry`, `APKG_REGISTRY`, a config key.
 * @throws {ApkgError} `REGISTRY_INVALID` for anything that is no http(s) URL, for userinfo, a query or a fragment, and
 *   for plain http to anything but this machine.
 */
export function canonicalRegistry(text: string, origin: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  const invalid = (reason: string, shown = text) => failure('REGISTRY_INVALID', {url: shown, origin, reason})
  if (!url) throw invalid('it is not a URL')
  if (url.username !== '' || url.password !== '') {
    url.username = ''
    url.password = ''
    throw invalid('it holds a username or a password', url.href)
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('it is neither https nor http')
  if (url.search !== '' || url.hash !== '') throw invalid('it holds a query or a fragment')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalid('plain http is only for this machine; anywhere else it would show credentials to the network')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or `::1`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}

/**
 * Whether a URL lies at or below a base: same origin, and the base's path by whole segments. One with an encoded slash
 * or backslash lies nowhere, since a server on its way may take it for a real one.
 */
export function liesWithin(target: URL, base: string): boolean {
  if (/%2f|%5c/i.test(target.pathname)) return false
  const {origin, pathname} = new URL(base)
  const root = pathname.replace(/\/+$/, '')
  return target.origin === origin && (target.pathname === root || target.pathname.startsWith(`${root}/`))
}
