import type {IncomingMessage, Server} from 'node:http'
import type {AddressInfo} from 'node:net'

import {isLoopbackHost} from './loopback.js'
import {Refusal} from './refusal.js'

/**
 * Refuses a request whose host is not this machine, if the server listens on loopback. Otherwise, a website could point
 * its own domain at 127.0.0.1 and read the registry through the browser of a user of this machine (DNS rebinding).
 *
 * @returns a function that throws HOST_UNKNOWN unless the host is `localhost`, in 127.0.0.0/8, `[::1]` or the host of the
 *   public URL. The port doesn't matter.
 */
export function hostGuard(
  server: Server,
  publicUrl: URL | undefined,
): (request: {headers: IncomingMessage['headers']; target: string}) => void {
  let isLocal: boolean | undefined
  // Most requests have the same `Host` as the one before.
  let accepted: string | undefined
  const isKnown = (host: string | undefined) =>
    host !== undefined && (isLoopbackHost(host.replace(/^\[(.*)\]$/, '$1')) || host === publicUrl?.hostname)
  return ({headers: {host}, target}) => {
    isLocal ??= listensOnLoopback(server)
    if (!isLocal || (host !== undefined && host === accepted && target.startsWith('/'))) return
    // If the request target is a full URL, it names a host too (RFC 9112 §3.2.2).
    const named = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1]
    const hosts = [host ?? '', ...(named === undefined ? [] : [named])].map(hostnameOf)
    if (!hosts.every(isKnown)) throw new Refusal('HOST_UNKNOWN')
    accepted = host
  }
}

/** @returns undefined before it listens. */
function listensOnLoopback(server: Server): boolean | undefined {
  const listening = server.address() as AddressInfo | null
  return listening ? isLoopbackHost(listening.address) : undefined
}

/** The name or address in a `Host` header, in lower case. Undefined if it isn't valid. */
function hostnameOf(host: string): string | undefined {
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i.test(host)) return undefined
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined
}
