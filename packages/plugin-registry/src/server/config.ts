import type {SlowDown} from './login-delay.js'
import {sessionLifetimes, type SessionLifetimes} from './session-lifetimes.js'

export interface ServerConfig {
  version: string
  /** Where clients reach the registry. Its path is the prefix under which the registry also answers. */
  publicUrl?: URL
  /** The proxies, as addresses or CIDR ranges, whose `X-Forwarded-For` is believed. */
  trustProxy: string[]
  /** The largest body of a request, in bytes. */
  bodyLimit: number
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
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

export const defaultConfig: Omit<ServerConfig, 'version'> = {
  trustProxy: [],
  bodyLimit: 1024 * 1024,
  lifetimes: sessionLifetimes,
  challenge: {lifetime: 5 * minute, attempts: 5},
  slowPair: {free: 5, first: second, longest: minute, forgetAfter: hour},
  slowAccount: {free: 100, first: second, longest: 5 * second, forgetAfter: hour},
  slowCode: {free: 5, first: second, longest: minute, forgetAfter: hour},
  slowAddress: {free: 20, first: second, longest: minute, forgetAfter: hour},
  passwordQueue: {running: 2, waiting: 32},
  tokensPerUser: 1000,
}
