import type {Interfaces} from '@oclif/core'

import type {serveFlags} from './serve-flags.js'
import type {ServeOptions} from './start-server.js'

type ServeFlags = Interfaces.InferredFlags<typeof serveFlags>

/** The server that the flags of `apkg registry serve` describe. */
export function serveOptions(flags: ServeFlags, folder: string, version: string): ServeOptions {
  const cert = flags['tls-cert']
  const key = flags['tls-key']
  const {webhook, 'webhook-secret-file': secretFile} = flags
  return {
    host: flags.host,
    port: flags.port,
    folder,
    publicUrl: flags['public-url'],
    webhook: webhook !== undefined && secretFile !== undefined ? {url: webhook, secretFile} : undefined,
    tls: cert !== undefined && key !== undefined ? {cert, key} : undefined,
    trustProxy: flags['trust-proxy'] ?? [],
    oidcIssuers: flags['oidc-issuer'] ?? [],
    anonymousRead: flags['anonymous-read'],
    blobGrace: flags['blob-grace'],
    limits: {packed: flags['max-package-size'], unpacked: flags['max-unpacked-size'], files: flags['max-files']},
    version,
  }
}
