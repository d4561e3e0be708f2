import type {Interfaces} from '@oclif/core'

import {isLoopbackHost} from '../server/http/loopback.js'
import {failure} from './failures.js'
import type {MetricsPlace} from './open-metrics.js'
import type {ServedDatabase} from './open-to-serve.js'
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
    blobs: flags.blobs,
    database: servedDatabase(flags),
    publicUrl: flags['public-url'],
    webhook: webhook !== undefined && secretFile !== undefined ? {url: webhook, secretFile} : undefined,
    tls: cert !== undefined && key !== undefined ? {cert, key} : undefined,
    metrics: metricsPlace(flags),
    trustProxy: flags['trust-proxy'] ?? [],
    oidcIssuers: flags['oidc-issuer'] ?? [],
    web: flags.web,
    anonymousRead: flags['anonymous-read'],
    blobGrace: flags['blob-grace'],
    limits: {packed: flags['max-package-size'], unpacked: flags['max-unpacked-size'], files: flags['max-files']},
    version,
  }
}

/** @returns undefined for a data directory */
function servedDatabase(flags: ServeFlags): ServedDatabase | undefined {
  const {database: url, 'secret-key-file': secretKeyFile, 'database-pool': pool, scratch} = flags
  return url === undefined ? undefined : {url, secretKeyFile, pool, scratch}
}

/** @returns undefined if no metrics are wanted */
function metricsPlace(flags: ServeFlags): MetricsPlace | undefined {
  const {'metrics-port': port, 'metrics-listen': host = '127.0.0.1', 'metrics-token-file': tokenFile} = flags
  if (port === undefined && tokenFile === undefined) return undefined
  if (tokenFile === undefined && !isLoopbackHost(host)) throw failure('REGISTRY_METRICS_UNPROTECTED', {host})
  return {own: port === undefined ? undefined : {host, port}, tokenFile}
}
