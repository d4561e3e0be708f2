import {readFileSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import {createSecureContext} from 'node:tls'

import {ApkgError, type Ports} from '@apkg/command-kit'
import type {Logger} from 'pino'

import {createApp} from '../server/app.js'
import {defaultConfig} from '../server/config.js'
import {baseUrlOf} from '../server/http/base-url.js'
import {isLoopbackHost} from '../server/http/loopback.js'
import {GarbageCollector} from '../server/operations/collect-garbage.js'
import {HeadCheck} from '../server/operations/head-check.js'
import {MostInstalledRefresher} from '../server/operations/refresh-most-installed.js'
import {AuditSealer} from '../server/operations/seal-audit.js'
import {OldRowSweeper} from '../server/operations/sweep-old-rows.js'
import {Previews} from '../server/previews/previews.js'
import {WebhookDeliverer} from '../server/webhooks/deliverer.js'
import {failure} from './failures.js'
import {openPlace, type ServedPlace} from './open-to-serve.js'
import {type MetricsPlace, openMetrics, readMetricsAccess} from './open-metrics.js'
import {systemReason} from './system-reason.js'
import {readWebhookSecrets} from './webhook-secrets.js'

/** How long requests can take to finish when the server stops, in milliseconds. After that, connections are closed. */
const gracePeriod = 5000

export interface ServeOptions extends ServedPlace {
  host: string
  port: number
  publicUrl: string | undefined
  tls: {cert: string; key: string} | undefined
  /** The URL that events are sent to, and the file with the secret that signs them. */
  webhook?: {url: string; secretFile: string} | undefined
  /** Where metrics are served. By default, nothing is measured. */
  metrics?: MetricsPlace | undefined
  trustProxy: string[]
  oidcIssuers: string[]
  /** Whether pages are served. Undefined means unless the public URL has a path. */
  web?: boolean | undefined
  /** Undefined means only if no other machine can reach the registry. */
  anonymousRead: boolean | undefined
  /** How long unused tarballs are kept, in milliseconds. Undefined means the default. */
  blobGrace?: number | undefined
  /** How large a package can be. Undefined means the default. */
  limits: {packed?: number | undefined; unpacked?: number | undefined; files?: number | undefined}
}

export interface RunningServer {
  /** The address that it listens on. */
  url: string
  /** Whether anyone can log in. */
  hasUsers: boolean
  /** Refuses new requests, finishes running ones, and closes the store. */
  stop(): Promise<void>
}

/**
 * Serves a registry. Resolves once connections are accepted.
 *
 * @throws {ApkgError} `REGISTRY_*`
 */
export async function startServer(
  options: ServeOptions,
  log: Logger,
  {now, env = {}, home = ''}: Pick<Ports, 'now'> & Partial<Pick<Ports, 'env' | 'home'>>,
): Promise<RunningServer> {
  const {host, port, folder, publicUrl, trustProxy, oidcIssuers, limits, version} = options
  const isProtected = options.tls !== undefined || publicUrl?.startsWith('https:')
  if (!isLoopbackHost(host) && !isProtected) throw failure('REGISTRY_UNPROTECTED', {host})
  const tls = options.tls && readTlsPair(options.tls)
  const receiver = options.webhook && {
    url: new URL(options.webhook.url),
    secrets: readWebhookSecrets(options.webhook.secretFile),
  }
  const access = options.metrics && readMetricsAccess(options.metrics)
  if (options.blobs !== undefined) await assertStorable(limits.packed)
  const {clock, clockUncertainty, previewFolder, ...opened} = await openPlace(options, log, {now, env, home})
  const isRefusing = (): boolean => head.problem !== undefined
  const metrics = access && (await openMetrics(access, {...opened, clock, isRefusing}, log))
  const {store, blobs} = {...opened, ...metrics}
  const {archive} = defaultConfig
  const web = options.web ?? (publicUrl === undefined || new URL(publicUrl).pathname === '/')
  const config = {
    ...defaultConfig,
    version,
    trustProxy,
    oidcIssuers,
    ...{web, browserLogin: web},
    anonymousRead: options.anonymousRead ?? (isLoopbackHost(host) && publicUrl === undefined),
    archive: {
      ...archive,
      packed: limits.packed ?? archive.packed,
      unpacked: limits.unpacked ?? archive.unpacked,
      files: limits.files ?? archive.files,
    },
    ...(publicUrl !== undefined && {publicUrl: new URL(publicUrl)}),
  }
  const head = new HeadCheck({store, blobs, log})
  await head.check()
  const databaseProblem = () => head.problem
  const {observer, moreRoutes = []} = metrics ?? {}
  const measured = {...(observer && {observer}), moreRoutes}
  const previews = config.web
    ? new Previews({store, blobs, folder: previewFolder, archive: config.archive, version, log})
    : undefined
  const app = await createApp({
    ...{store, blobs, clock, log, config, databaseProblem, ...measured, ...(previews && {previews})},
    ...{...(tls && {tls}), ...(clockUncertainty && {clockUncertainty})},
  })
  const deliverer =
    receiver &&
    new WebhookDeliverer({
      ...receiver,
      store,
      registry: () => baseUrlOf(config.publicUrl, app.server),
      agent: `apkg-registry/${version}`,
      isPaused: () => head.problem !== undefined,
      clock,
      log,
    })
  await deliverer?.begin()
  try {
    await metrics?.listen()
    await app.listen({host, port, listenTextResolver: (at) => `serving ${options.database?.url ?? folder} at ${at}`})
  } catch (error) {
    await metrics?.stop()
    await app.close()
    await store.close()
    if (error instanceof ApkgError) throw error
    throw failure('REGISTRY_NOT_LISTENING', {host, port, reason: systemReason(error) ?? 'unknown error'})
  }
  const collector = new GarbageCollector({
    store,
    blobs,
    clock,
    log,
    schedule: {
      ...config.garbageCollection,
      gracePeriod: options.blobGrace ?? config.garbageCollection.gracePeriod,
    },
    isPaused: () => head.problem !== undefined,
  })
  const sealer = new AuditSealer({store, head, clock, log})
  const sweeper = new OldRowSweeper({store, clock, log, isPaused: () => head.problem !== undefined})
  const refresher = new MostInstalledRefresher({store, clock, log, isPaused: () => head.problem !== undefined})
  deliverer?.start()
  previews?.startSweeping()
  const url = baseUrlOf(undefined, app.server)
  const {address} = app.server.address() as AddressInfo
  if (publicUrl === undefined && ['0.0.0.0', '::'].includes(address)) {
    log.warn({url}, 'clients cannot sign packages for this address; pass the URL they use with --public-url')
  }
  return {
    url,
    hasUsers: (await store.users.list()).length > 0,
    async stop() {
      // Connections that were busy when closing began stay open after their request, and closing would wait for them.
      const closeIdle = setInterval(() => {
        app.server.closeIdleConnections()
      }, 50)
      const closeAll = setTimeout(() => {
        app.server.closeAllConnections()
      }, gracePeriod)
      try {
        await app.close()
      } finally {
        clearInterval(closeIdle)
        clearTimeout(closeAll)
        await collector.stop()
        await sweeper.stop()
        await refresher.stop()
        await sealer.stop()
        await previews?.close()
        await deliverer?.stop()
        await metrics?.stop()
        await store.close()
      }
    },
  }
}

/** Larger objects would have to be sent in parts. */
async function assertStorable(size: number | undefined): Promise<void> {
  const {maxS3BlobSize} = await import('../server/blobs/s3/s3-blobs.js')
  if (size === undefined || size <= maxS3BlobSize) return
  throw failure('USAGE', {
    message: '--max-package-size cannot be larger than 1GiB with --blobs',
    suggestions: ['use --max-package-size 1GiB or less'],
  })
}

/** Reads a certificate and its key, and checks that they match before anything is served. */
function readTlsPair(paths: {cert: string; key: string}): {cert: Buffer; key: Buffer} {
  const pair = {cert: readPem(paths.cert), key: readPem(paths.key)}
  try {
    createSecureContext(pair)
  } catch {
    throw failure('REGISTRY_TLS_UNUSABLE', paths)
  }
  return pair
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw failure('REGISTRY_FILE_UNREADABLE', {path, reason: systemReason(error) ?? 'unknown error'})
  }
}
