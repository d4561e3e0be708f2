import {BlockList, isIP} from 'node:net'

import {canonicalRegistry, failure} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {parseByteSize} from './byte-size.js'
import {dataFlag} from './flags.js'

export const serveFlags = {
  host: Flags.string({
    summary: 'The address to listen on.',
    description: 'Anything but this machine itself needs --tls-cert and --tls-key, or an https --public-url.',
    default: '127.0.0.1',
  }),
  port: Flags.integer({summary: 'The port to listen on; 0 picks one.', default: 4873, min: 0, max: 65_535}),
  ...dataFlag,
  'public-url': Flags.string({
    summary: 'The address that clients use, where it is not the one to listen on. Its path may be a prefix.',
    parse: (text) => Promise.resolve(canonicalRegistry(text, '--public-url')),
  }),
  'tls-cert': Flags.file({summary: 'A file with the certificate (PEM) to speak https with.', dependsOn: ['tls-key']}),
  'tls-key': Flags.file({summary: 'A file with the key (PEM) of the certificate.', dependsOn: ['tls-cert']}),
  'trust-proxy': Flags.string({
    summary: 'A proxy (address or CIDR range) whose X-Forwarded-For names the client. Repeatable.',
    description: 'Left out, no proxy is believed and every request counts as coming from whoever connects.',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (text) => Promise.resolve(checkedRange(text)),
  }),
  'anonymous-read': Flags.boolean({
    summary: 'Let strangers read public packages.',
    description: 'Left out, they may where only this machine can reach the registry, and may not beyond it.',
    allowNo: true,
  }),
  'max-package-size': sizeFlag('The largest tarball that is accepted, such as 50MiB, which is the default.'),
  'max-unpacked-size': sizeFlag('The most that the files of a package may add up to; 200MiB is the default.'),
  'max-files': Flags.integer({summary: 'The most files in a package; 10000 is the default.', min: 1}),
}

function sizeFlag(summary: string) {
  return Flags.integer({
    summary,
    helpValue: '<size>',
    parse: (text) => Promise.resolve(checkedSize(text)),
  })
}

function checkedSize(text: string): number {
  const size = parseByteSize(text)
  if (size !== undefined) return size
  throw failure('USAGE', {message: `\`${text}\` is not a size; use a number of bytes, or one such as 50MiB`})
}

function checkedRange(text: string): string {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  const bits = prefix === undefined ? 0 : Number(prefix)
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && bits <= (family === 6 ? 128 : 32))
  if (family !== 0 && isPrefix && rest.length === 0) return text
  throw failure('USAGE', {message: `\`${text}\` is neither an address nor a CIDR range such as 10.0.0.0/8`})
}

/** Whether only this machine can reach what listens on a host. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost') return true
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  const family = isIP(host)
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
