import {defaultLimits} from '@apkg/package-format'

import type {BrowserRequestOptions} from './auth/browser-requests.js'
import type {LoginOptions} from './auth/login.js'
import type {IdTokenOptions} from './auth/oidc/id-tokens.js'
import type {HandlerOptions} from './handlers/handler.js'
import type {GarbageSchedule} from './operations/collect-garbage.js'
import type {InspectionLimits} from './publishing/inspector.js'
import type {UploadTimeouts} from './publishing/read-with-timeouts.js'
import type {UploadSlotLimits} from './publishing/upload-slots.js'
import {defaultSessionLifetimes} from './store/session-lifetimes.js'

/** The settings of a server, composed from those of its parts. */
export interface ServerConfig extends HandlerOptions, LoginOptions, BrowserRequestOptions, IdTokenOptions {
  /** Where clients reach the registry. Routes also answer below its path. */
  publicUrl?: URL
  /** The addresses or CIDR ranges of proxies whose `X-Forwarded-For` is trusted. */
  trustProxy: string[]
  /** The largest body that is not an upload, in bytes. */
  bodyLimit: number
  /** How long a body that is not an upload may take to arrive, in milliseconds. */
  bodyTimeout: number
  /** The largest metadata of an upload, in bytes. */
  metadataLimit: number
  uploadTimeouts: UploadTimeouts
  uploadSlots: UploadSlotLimits
  /** How long uploads may continue once the server stops, in milliseconds. */
  uploadGracePeriod: number
  inspection: InspectionLimits
  garbageCollection: GarbageSchedule
  /** Whether pages for browsers are served. */
  web: boolean
  /** How many serialized packuments are kept in memory, in bytes. */
  packumentCacheSize: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

export const defaultConfig: Omit<ServerConfig, 'version'> = {
  anonymousRead: true,
  trustProxy: [],
  bodyLimit: 1024 * 1024,
  bodyTimeout: minute,
  archive: defaultLimits,
  metadataLimit: 256 * 1024,
  uploadTimeouts: {idle: 30 * second, total: hour},
  uploadSlots: {perUser: 8, total: 64},
  uploadGracePeriod: 4 * second,
  inspection: {running: 2, waiting: 32, timeout: minute, memory: 128},
  garbageCollection: {gracePeriod: 24 * hour, interval: hour, maxUploadAge: 24 * hour, listingInterval: 24 * hour},
  web: true,
  packumentCacheSize: 64 * 1024 * 1024,
  sessionLifetimes: defaultSessionLifetimes,
  mfaChallenge: {lifetime: 5 * minute, attempts: 5},
  browserRequest: {lifetime: 10 * minute, interval: 5},
  loginDelays: {
    accountAndAddress: {freeFailures: 5, first: second, max: minute, forgetAfter: hour},
    account: {freeFailures: 100, first: second, max: 5 * second, forgetAfter: hour},
    code: {freeFailures: 5, first: second, max: minute, forgetAfter: hour},
    address: {freeFailures: 20, first: second, max: minute, forgetAfter: hour},
  },
  passwordQueue: {running: 2, waiting: 32},
  browserLogin: false,
  keysPerUser: 50,
  oidcIssuers: [],
}
