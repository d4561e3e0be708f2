import type {Server} from 'node:http'
import type {AddressInfo} from 'node:net'

/** The address that a server listens on, as a URL; undefined before it does. */
function listeningUrl(server: Server): string | undefined {
  const at = server.address() as AddressInfo | null
  if (!at) return undefined
  const scheme = 'setSecureContext' in server ? 'https' : 'http'
  return `${scheme}://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`
}

/**
 * Where clients reach a registry, without a slash at the end: its public URL, else where it listens. Never what a request
 * claims in `Host`. Empty, which makes for paths only, for a server that does not listen.
 */
export function baseUrlOf(publicUrl: URL | undefined, server: Server): string {
  return publicUrl ? publicUrl.href.replace(/\/+$/, '') : (listeningUrl(server) ?? '')
}
