import {isIP} from 'node:net'

import {canonicalRegistry, failure} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {parseByteSize} from './byte-size.js'
import {dataFlag} from './flags.js'

export const serveFlags = {
  host: Flags.string({
    summary: 'Listen on this address.',
    description: 'Addresses other than loopback require --tls-cert and --tls-key, or an https --public-url.',
    default: '127.0.0.1',
  }),
  port: Flags.integer({
    summary: 'Listen on this port. With 0, a free port is chosen.',
    default: 4873,
    min: 0,
    max: 65_535,
  }),
  ...dataFlag,
  'public-url': Flags.string({
    summary: 'Tell clients to use this URL, such as the URL of a proxy. It can have a path.',
    parse: (text) => Promise.resolve(canonicalRegistry(text, '--public-url')),
  }),
  'tls-cert': Flags.file({summary: 'Serve HTTPS with the certificate in this PEM file.', dependsOn: ['tls-key']}),
  'tls-key': Flags.file({
    summary: 'Use the private key in this PEM file for the certificate.',
    dependsOn: ['tls-cert'],
  }),
  'trust-proxy': Flags.string({
    summary: 'Trust X-Forwarded-For from this proxy (address or CIDR range). Repeatable.',
    description: 'By default, no proxy is trusted.',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (text) => Promise.resolve(parseAddressRange(text)),
  }),
  'anonymous-read': Flags.boolean({
    summary: 'Let anyone read public packages without logging in.',
    description: 'By default, only if the server listens on loopback and has no --public-url.',
    allowNo: true,
  }),
  'max-package-size': sizeFlag('Reject tarballs larger than this. Defaults to 50MiB.'),
  'max-unpacked-size': sizeFlag('Reject packages larger than this when unpacked. Defaults to 200MiB.'),
  'max-files': Flags.integer({summary: 'Reject packages with more files than this. Defaults to 10000.', min: 1}),
}

function sizeFlag(summary: string) {
  return Flags.integer({
    summary,
    helpValue: '<size>',
    parse: (text) => Promise.resolve(parseSize(text)),
  })
}

function parseSize(text: string): number {
  const size = parseByteSize(text)
  if (size !== undefined) return size
  throw failure('USAGE', {
    message: `\`${text}\` is not a valid size`,
    suggestions: ['use a number of bytes, or a size such as 50MiB'],
  })
}

function parseAddressRange(text: string): string {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  const bits = prefix === undefined ? 0 : Number(prefix)
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && bits <= (family === 6 ? 128 : 32))
  if (family !== 0 && isPrefix && rest.length === 0) return text
  throw failure('USAGE', {
    message: `\`${text}\` is not a valid address or CIDR range`,
    suggestions: ['use an address, or a range such as 10.0.0.0/8'],
  })
}
