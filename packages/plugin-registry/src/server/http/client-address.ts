import {isIP, isIPv4, SocketAddress} from 'node:net'

import type {FastifyRequest} from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined until it is needed; see `addressOf`. */
    address: string | undefined
  }
}

/** The address of the client of a request, see `clientAddress`. */
export function addressOf(request: FastifyRequest): string {
  return (request.address ??= clientAddress(request.ip, request.socket.remoteAddress))
}

/**
 * The address of a client in canonical form, or `unknown` if neither address is valid.
 *
 * @param forwarded the address that fastify determined. A proxy may have sent anything.
 * @param peer the socket's own address.
 */
export function clientAddress(forwarded: string, peer: string | undefined): string {
  return parseAddress(forwarded) ?? parseAddress(peer ?? '') ?? 'unknown'
}

/** Removes ports, brackets and zones, and unwraps IPv4 addresses mapped to IPv6. */
function parseAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
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

/** The network that an address is counted under: the /64 of an IPv6 address, since a subscriber can use all of it. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = [], tail = []] = address.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const omitted = Array.from({length: Math.max(8 - head.length - tail.length, 0)}, () => '0')
  return `${[...head, ...omitted, ...tail].slice(0, 4).join(':')}::/64`
}
