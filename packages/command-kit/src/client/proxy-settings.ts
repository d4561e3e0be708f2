import {failure} from '../errors/define-failures.js'
import {isLoopback} from '../registry/registry-url.js'
import {isBypassed} from './no-proxy.js'

/** The variables with the proxy for https, by precedence. Plain http is only used on this machine, without a proxy. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

export interface Proxy {
  /** Can contain a password. */
  url: URL
  /** The environment variable that contains it. */
  variable: string
}

/**
 * The proxy for a request; undefined if there is none. Localhost is never reached through a proxy.
 *
 * @param env `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in lowercase; `APKG_NO_PROXY` (1 or true) turns proxies off
 * @throws {ApkgError} `PROXY_INVALID`
 */
export function proxyOf(target: URL, env: NodeJS.ProcessEnv): Proxy | undefined {
  if (isLoopback(target.hostname) || /^(1|true)$/i.test(env['APKG_NO_PROXY'] ?? '')) return undefined
  const variable = variables.find((name) => env[name]?.trim())
  if (variable === undefined || isBypassed(target, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined
  return {url: parseProxy(variable, env[variable]?.trim() ?? ''), variable}
}

/**
 * Parses the URL of a proxy. As for curl, `host:port` is an http proxy.
 *
 * @throws {ApkgError} `PROXY_INVALID`, without the value, which can contain a password
 */
function parseProxy(variable: string, value: string): URL {
  const text = value.includes('://') ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || url.hostname === '') throw failure('PROXY_INVALID', {variable, reason: 'it is not a URL'})
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw failure('PROXY_INVALID', {variable, reason: 'only http and https proxies are supported'})
  }
  if (![url.username, url.password].every(isDecodable)) {
    throw failure('PROXY_INVALID', {variable, reason: 'a % in its username or password must be written as %25'})
  }
  return url
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/**
 * Returns the URL of the proxy for a request, or an empty string if there is none. The URL can contain a password.
 *
 * @param env like `proxyOf`
 * @throws {ApkgError} `PROXY_INVALID`
 */
export async function proxyFor(url: URL, env: NodeJS.ProcessEnv): Promise<string> {
  return proxyOf(url, env)?.url.href ?? ''
}
