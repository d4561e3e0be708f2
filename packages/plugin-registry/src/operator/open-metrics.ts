import {once} from 'node:events'
import type {Server} from 'node:http'
import type {AddressInfo} from 'node:net'

import type {Logger} from 'pino'

import type {AppOptions} from '../server/app.js'
import type {BlobStore} from '../server/blobs/blob-store.js'
import type {RegistryStore} from '../server/store/store.js'
import {failure} from './failures.js'
import {readPrivateFile} from './private-file.js'
import {systemReason} from './system-reason.js'

/** Where metrics are served: on a separate port, or on the port of the registry for clients with a token. */
export interface MetricsPlace {
  own: {host: string; port: number} | undefined
  tokenFile: string | undefined
}

export interface MetricsParts {
  store: RegistryStore
  blobs: BlobStore
  clock: () => Date
  isRefusing: () => boolean
}

/** What a server needs to measure itself. */
export interface OpenMetrics extends Pick<AppOptions, 'store' | 'blobs' | 'observer' | 'moreRoutes'> {
  /** Serves the metrics if they have their own port. @throws {ApkgError} `REGISTRY_NOT_LISTENING` */
  listen(): Promise<void>
  stop(): Promise<void>
}

/** Where metrics are served, with the token instead of its file. */
export interface MetricsAccess {
  own: MetricsPlace['own']
  token: string | undefined
}

/** @throws {ApkgError} `REGISTRY_METRICS_TOKEN_UNUSABLE` */
export function readMetricsAccess({own, tokenFile}: MetricsPlace): MetricsAccess {
  return {own, token: tokenFile === undefined ? undefined : readMetricsToken(tokenFile)}
}

/** Wraps the parts of a server to measure them. The library for metrics is loaded only here. */
export async function openMetrics(
  {own, token}: MetricsAccess,
  {store, blobs, clock, isRefusing}: MetricsParts,
  log: Logger,
): Promise<OpenMetrics> {
  const {createMetricsServer, metricsRoute, ServerMetrics, timed, timedParts} =
    await import('../server/metrics/index.js')
  const metrics = new ServerMetrics({store, clock, isRefusing})
  const server =
    own &&
    createMetricsServer(metrics, token, (error) => {
      log.error({err: error}, 'failed to collect metrics')
    })
  return {
    store: timedParts(store, metrics.store),
    blobs: timed(blobs, metrics.blobs, (operation) => operation),
    observer: metrics,
    moreRoutes: own === undefined && token !== undefined ? [metricsRoute(metrics, token)] : [],
    async listen() {
      if (!server) return
      await listenAt(server, own)
      const {address, port, family} = server.address() as AddressInfo
      log.info({url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`}, 'serving metrics')
    },
    async stop() {
      server?.closeAllConnections()
      if (server?.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function listenAt(server: Server, {host, port}: {host: string; port: number}): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    throw failure('REGISTRY_NOT_LISTENING', {host, port, reason: systemReason(error) ?? 'unknown error'})
  }
}

/** @throws {ApkgError} `REGISTRY_METRICS_TOKEN_UNUSABLE`. It doesn't repeat the content. */
function readMetricsToken(path: string): string {
  const refuse = (reason: string) => failure('REGISTRY_METRICS_TOKEN_UNUSABLE', {path, reason})
  const token = readPrivateFile(path, refuse).trim()
  if (!/^[\w\-.~+/]{32,}=*$/.test(token)) throw refuse('it must be one line of at least 32 letters, digits or -._~+/')
  return token
}
