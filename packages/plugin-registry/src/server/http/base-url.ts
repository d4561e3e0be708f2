import type {Server} from 'node:http'
import type {AddressInfo} from 'node:net'

/** The URL that a server listens on. Undefined before it listens. */
function listeningUrl(server: Server): string | undefined {
  const at = server.address() as AddressInfo | null
  if (!at) return undefined
  const scheme = 'setSecureContext' in server ? 'https' : 'http'
  return `${scheme}://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`
}

/**
 * The URL of the registry without a trailing slash: its public URL, or the one that it listens on. Never based on the
 * `Host` header of a request. Empty for a server that does not listen.
 */
export function baseUrlOf(publicUrl: URL | undefined, server: Server): string {
  return publicUrl ? publicUrl.href.replace(/(?<!\/)\/+$/, '') : (listeningUrl(server) ?? '')
}
