import {canonicalRegistry, failure} from '@apkg/command-kit'
import {isAddressRange, parseTime} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {isLoopbackHost} from '../server/http/loopback.js'
import {isSecureUrl} from '../server/http/secure-url.js'
import {parseByteSize} from './byte-size.js'
import {blobsFlag, placeFlags} from './flags.js'

export const serveFlags = {
  host: Flags.string({
    summary: 'Listen on this address.',
    description: 'Addresses other than loopback require --tls-cert and --tls-key, or an https --public-url.',
    default: '127.0.0.1',
  }),
  port: Flags.integer({
    summary: 'Listen on this port. 0 picks a free port.',
    default: 4873,
    min: 0,
    max: 65_535,
  }),
  ...placeFlags,
  'database-pool': Flags.integer({
    summary: 'Open at most this many connections to the database. Defaults to 10.',
    min: 1,
    max: 1000,
    dependsOn: ['database'],
  }),
  scratch: Flags.directory({
    summary: 'Keep uploads in progress in this directory. Defaults to the directory for temporary files.',
    description: 'Only with --database. Several servers can share it.',
    dependsOn: ['database'],
  }),
  ...blobsFlag,
  'public-url': Flags.string({
    summary: 'URL that clients use, such as that of a proxy. It can have a path.',
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
  webhook: Flags.string({
    summary: 'Send events, such as revoked tokens, to this URL.',
    description: 'Plain http is only allowed on loopback.',
    helpValue: '<URL>',
    dependsOn: ['webhook-secret-file'],
    parse: (text) => Promise.resolve(parseWebhookUrl(text)),
  }),
  'webhook-secret-file': Flags.file({
    summary: 'Sign webhooks with the secret in this file (`whsec_` followed by base64).',
    dependsOn: ['webhook'],
  }),
  'metrics-port': Flags.integer({
    summary: 'Serve Prometheus metrics at /metrics on this port. 0 picks a free port.',
    min: 0,
    max: 65_535,
  }),
  'metrics-listen': Flags.string({
    summary: 'Listen on this address for metrics. Defaults to 127.0.0.1.',
    description: 'Addresses other than loopback require --metrics-token-file.',
    dependsOn: ['metrics-port'],
  }),
  'metrics-token-file': Flags.file({
    summary: 'Require the token in this file for metrics.',
    description: 'Without --metrics-port, metrics are served at /metrics on the port of the registry.',
  }),
  'anonymous-read': Flags.boolean({
    summary: 'Let anyone read public packages without logging in.',
    description: 'By default, only if the server listens on loopback and has no --public-url.',
    allowNo: true,
  }),
  web: Flags.boolean({
    summary: 'Serve pages for browsers. --no-web serves the API alone.',
    description:
      'On by default, unless --public-url has a path. With a path, pass --web only if nothing else serves pages on that host.',
    allowNo: true,
  }),
  'oidc-issuer': Flags.string({
    summary: 'Accept ID tokens from this issuer, such as a self-hosted GitLab, for trusted publishing. Repeatable.',
    description: 'GitHub (github.com) and GitLab (gitlab.com) are always accepted.',
    helpValue: '<url>',
    multiple: true,
    multipleNonGreedy: true,
    parse: (text) => Promise.resolve(parseIssuer(text)),
  }),
  'blob-grace': Flags.integer({
    summary: 'Keep the tarballs of versions that were taken down for this long. Defaults to 1d.',
    description:
      'Make it at least as long as the age of the oldest copy of the database that you may restore on its own.',
    helpValue: '<duration>',
    parse: (text) => Promise.resolve(parseGrace(text)),
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

/** Returns milliseconds. */
function parseGrace(text: string): number {
  const time = parseTime(text)
  if (time?.kind === 'for') return time.milliseconds
  throw failure('USAGE', {
    message: `\`${text}\` is not a valid duration`,
    suggestions: ['use a duration such as 12h or 30d'],
  })
}

function parseWebhookUrl(text: string): string {
  const refuse = (reason: string) =>
    failure('USAGE', {
      message: `the URL ${reason}`,
      suggestions: ['use a URL such as https://hooks.example.com/apkg'],
    })
  if (!URL.canParse(text)) throw refuse('is malformed')
  const {protocol, hostname, username, password, hash, href} = new URL(text)
  const isLocal = protocol === 'http:' && isLoopbackHost(hostname.replace(/^\[|\]$/g, ''))
  if (protocol !== 'https:' && !isLocal) throw refuse('must be https, or http on loopback')
  if (username !== '' || password !== '') throw refuse('must not contain a password')
  if (hash !== '') throw refuse('must not have a fragment')
  return href
}

/** The issuer is compared literally with the `iss` of ID tokens. */
function parseIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && isSecureUrl(text) && url.search === '' && url.hash === '') return text
  throw failure('USAGE', {
    message: `\`${text}\` is not a valid issuer`,
    suggestions: ['use its https URL, exactly as in the `iss` of its ID tokens'],
  })
}

function parseAddressRange(text: string): string {
  // The zone of a link-local address is for fastify.
  if (isAddressRange(text.replace(/%[^/]*/, ''))) return text
  throw failure('USAGE', {
    message: `\`${text}\` is not a valid address or CIDR range`,
    suggestions: ['use an address, or a range such as 10.0.0.0/8'],
  })
}
