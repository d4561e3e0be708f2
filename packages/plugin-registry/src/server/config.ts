import {type ArchiveLimits, defaultLimits} from '@apkg/package-format'

import type {SlowDown} from './store/login-delay.js'
import type {InspectionLimits} from './publishing/inspector.js'
import type {Patience} from './publishing/read-in-time.js'
import type {UploadSlotLimits} from './publishing/upload-slots.js'
import {sessionLifetimes, type SessionLifetimes} from './store/session-lifetimes.js'

export interface ServerConfig {
  version: string
  /** Where clients reach the registry. Its path is the prefix under which the registry also answers. */
  publicUrl?: URL
  /** Whether strangers may read public packages; otherwise every reader needs a credential. */
  anonymousRead: boolean
  /** The proxies, as addresses or CIDR ranges, whose `X-Forwarded-For` is believed. */
  trustProxy: string[]
  /** The largest body of a request that is no upload, in bytes. */
  bodyLimit: number
  /** How long the body of a request that is no upload may take to arrive, in milliseconds. */
  bodyPatience: number
  /** How large a package may be. */
  archive: ArchiveLimits
  /** The metadata of an upload, in bytes. */
  metadataLimit: number
  uploadPatience: Patience
  uploads: UploadSlotLimits
  /** How long uploads may go on once the registry is told to stop, in milliseconds. */
  farewell: number
  inspection: InspectionLimits
  /** How long a tarball that no version has is kept, and how often such are looked for, in milliseconds. */
  collection: {grace: number; every: number}
  lifetimes: SessionLifetimes
  /** How long a login may take from the password to the code, in milliseconds, and how many codes it may try. */
  challenge: {lifetime: number; attempts: number}
  /** Wrong passwords of one account from one address. */
  slowPair: SlowDown
  /** Wrong passwords of one account, from wherever: generous, or strangers could keep its owner out. */
  slowAccount: SlowDown
  /** Wrong codes of one account, from wherever: whoever gets that far knows the password. */
  slowCode: SlowDown
  /** Failed logins from one address, whatever the account. */
  slowAddress: SlowDown
  /** How many passwords are verified at a time, and how many may wait for that. */
  passwordQueue: {running: number; waiting: number}
  /** How many live tokens an account may hold. */
  tokensPerUser: number
  /** How many active signing keys an account may hold. */
  keysPerUser: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

export const defaultConfig: Omit<ServerConfig, 'version'> = {
  anonymousRead: true,
  trustProxy: [],
  bodyLimit: 1024 * 1024,
  bodyPatience: minute,
  archive: defaultLimits,
  metadataLimit: 256 * 1024,
  uploadPatience: {pause: 30 * second, whole: hour},
  uploads: {perUser: 8, overall: 64},
  farewell: 4 * second,
  inspection: {running: 2, waiting: 32, longest: minute, memory: 128},
  collection: {grace: 24 * hour, every: hour},
  lifetimes: sessionLifetimes,
  challenge: {lifetime: 5 * minute, attempts: 5},
  slowPair: {free: 5, first: second, longest: minute, forgetAfter: hour},
  slowAccount: {free: 100, first: second, longest: 5 * second, forgetAfter: hour},
  slowCode: {free: 5, first: second, longest: minute, forgetAfter: hour},
  slowAddress: {free: 20, first: second, longest: minute, forgetAfter: hour},
  passwordQueue: {running: 2, waiting: 32},
  tokensPerUser: 1000,
  keysPerUser: 50,
}
