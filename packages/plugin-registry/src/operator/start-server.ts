import {readFileSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import {createSecureContext} from 'node:tls'

import type {Ports} from '@apkg/command-kit'
import type {Logger} from 'pino'

import {createApp} from '../server/app.js'
import {baseUrlOf} from '../server/http/base-url.js'
import {GarbageCollector} from '../server/operations/collect-garbage.js'
import {defaultConfig} from '../server/config.js'
import {openToServe} from '../server/operations/open-registry.js'
import {toDataFailure} from './data-failure.js'
import {failure} from './failures.js'
import {isLoopbackHost} from './serve-flags.js'
import {systemReason} from './system-reason.js'

/** How long requests may take to finish once the server stops, in milliseconds. Then connections are closed. */
const gracePeriod = 5000

export interface ServeOptions {
  host: string
  port: number
  folder: string
  publicUrl: string | undefined
  tls: {cert: string; key: string} | undefined
  trustProxy: string[]
  /** Left out, strangers may read where only this machine can reach the registry. */
  anonymousRead: boolean | undefined
  /** How large a package may be, where that is not the default. */
  limits: {packed?: number | undefined; unpacked?: number | undefined; files?: number | undefined}
  version: string
}

export interface RunningServer {
  /** Where it listens. */
  url: string
  /** Answers what has begun, accepts nothing new, and closes the store. */
  stop(): Promise<void>
}

/**
 * Serves a data folder. Resolves once connections are accepted.
 *
 * @throws {ApkgError} `REGISTRY_*`
 */
export async function startServer(
  options: ServeOptions,
  log: Logger,
  {now}: Pick<Ports, 'now'>,
): Promise<RunningServer> {
  const {host, port, folder, publicUrl, trustProxy, limits, version} = options
  const isProtected = options.tls !== undefined || publicUrl?.startsWith('https:')
  if (!isLoopbackHost(host) && !isProtected) throw failure('REGISTRY_UNPROTECTED', {host})
  const tls = options.tls && readPair(options.tls)
  const {store, blobs, takeCollectionLock} = await openToServe(folder, (error) => {
    log.warn({err: error}, 'the last use of a credential was not written')
  }).catch((error: unknown) => {
    throw toDataFailure(error, folder)
  })
  const {archive} = defaultConfig
  const config = {
    ...defaultConfig,
    version,
    trustProxy,
    anonymousRead: options.anonymousRead ?? (isLoopbackHost(host) && publicUrl === undefined),
    archive: {
      ...archive,
      packed: limits.packed ?? archive.packed,
      unpacked: limits.unpacked ?? archive.unpacked,
      files: limits.files ?? archive.files,
    },
    ...(publicUrl !== undefined && {publicUrl: new URL(publicUrl)}),
  }
  const app = await createApp({store, blobs, clock: now, log, config, ...(tls && {tls})})
  try {
    await app.listen({host, port, listenTextResolver: (at) => `serving ${folder} at ${at}`})
  } catch (error) {
    await app.close()
    await store.close()
    throw failure('REGISTRY_NOT_LISTENING', {host, port, reason: systemReason(error) ?? 'it failed'})
  }
  const collector = new GarbageCollector({
    store,
    blobs,
    takeCollectionLock,
    clock: now,
    log,
    schedule: config.garbageCollection,
  })
  const url = baseUrlOf(undefined, app.server)
  const {address} = app.server.address() as AddressInfo
  if (publicUrl === undefined && ['0.0.0.0', '::'].includes(address)) {
    log.warn(
      {url},
      'nothing can be signed for an address that no client uses: name the one that they use with --public-url',
    )
  }
  return {
    url,
    async stop() {
      // A connection that was busy when closing began is kept alive afterwards, and closing waits for it.
      const hurry = setInterval(() => {
        app.server.closeIdleConnections()
      }, 50)
      const cut = setTimeout(() => {
        app.server.closeAllConnections()
      }, gracePeriod)
      try {
        await app.close()
      } finally {
        clearInterval(hurry)
        clearTimeout(cut)
        await collector.stop()
        await store.close()
      }
    },
  }
}

/** A certificate and its key, found to belong together before anything is served. */
function readPair(paths: {cert: string; key: string}): {cert: Buffer; key: Buffer} {
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
    throw failure('REGISTRY_FILE_UNREADABLE', {path, reason: systemReason(error) ?? 'it failed'})
  }
}
