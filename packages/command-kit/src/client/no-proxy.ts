import {BlockList, isIP} from 'node:net'

/**
 * Whether a URL bypasses the proxy. As for curl and Go, `corp.test` covers that host and its subdomains, with or without
 * a leading `.` or `*.`; `10.0.0.0/8` covers addresses; `host:port` covers one port; and `*` covers everything.
 *
 * @param noProxy the value of `NO_PROXY`, separated by commas or white space
 */
export function isBypassed({hostname, port, protocol}: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const ownPort = port || (protocol === 'http:' ? '80' : '443')
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => entry !== '' && covers(entry, host, ownPort))
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isInSubnet(entry, host)
  // An IPv6 address without brackets has several colons, and no port.
  const [, name = entry, wantedPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? []
  if (wantedPort !== undefined && wantedPort !== port) return false
  const domain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`))
}

function isInSubnet(entry: string, host: string): boolean {
  const [address = '', prefix = ''] = entry.split('/')
  const version = isIP(address)
  const bits = Number(prefix)
  if (version === 0 || isIP(host) !== version || !/^\d+$/.test(prefix) || bits > (version === 4 ? 32 : 128))
    return false
  const type = version === 4 ? 'ipv4' : 'ipv6'
  const subnet = new BlockList()
  subnet.addSubnet(address, bits, type)
  return subnet.check(host, type)
}
