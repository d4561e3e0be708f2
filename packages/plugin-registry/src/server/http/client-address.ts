import {isIP, isIPv4, SocketAddress} from 'node:net'

import type {Actor, Credential} from '../store/store.js'

/** Where a request comes from. */
export interface Origin {
  address: string
  agent: string | null
}

const longestAgent = 200

/**
 * @param given the address as the socket has it or a proxy wrote it, which may be anything.
 * @param peer the socket's own address, for a proxy that wrote none.
 * @param agent the `User-Agent` header, which may hold anything and be absent.
 */
export function originOf(given: string, peer: string | undefined, agent: string | undefined): Origin {
  const address = readAddress(given) ?? readAddress(peer ?? '') ?? 'unknown'
  return {address, agent: agent === undefined ? null : agent.slice(0, longestAgent)}
}

/** One spelling for each address: without a port, brackets or a zone, and IPv4 as such. */
function readAddress(text: string): string | undefined {
  const address = withoutPort(text)
  if (isIP(address) === 0) return undefined
  if (isIPv4(address)) return address
  const plain = new SocketAddress({address, family: 'ipv6'}).address
  const mapped = plain.replace(/^::ffff:/, '')
  return isIPv4(mapped) ? mapped : plain
}

function withoutPort(text: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}

/** What failures are counted for: of IPv6 the /64, all of which one subscriber has at hand. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = [], tail = []] = address.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const omitted = Array.from({length: Math.max(8 - head.length - tail.length, 0)}, () => '0')
  return `${[...head, ...omitted, ...tail].slice(0, 4).join(':')}::/64`
}

/** Somebody who has not proved to be anyone yet. */
export function stranger(origin: Origin, name: string | null = null): Actor {
  return {name, credentialId: null, ...origin}
}

/** The holder of a credential. */
export function holder(credential: Credential, origin: Origin): Actor {
  return {name: credential.owner.name, credentialId: credential.id, ...origin}
}
