import {createHash, randomBytes} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'

import {
  exitCodes,
  failure as sharedFailure,
  isApkgError,
  type Ports,
  refusalBehind,
  type RegistryClient,
} from '@apkg/command-kit'
import type {BrowserProof, BrowserRequest, BrowserRequestResponse} from '@apkg/wire/protocol'

import {failure} from '../../failures.js'
import {listenOnLoopback} from './loopback-listener.js'
import {canOpenBrowser, openBrowser} from './open-browser.js'
import {type BrowserPage, deviceOf, orDecided} from './decision.js'
import {verificationAddress} from './verification-address.js'

/** What a browser approves: how it is requested, and how its result is fetched. */
export interface Approval<Result> {
  /** Completes "cannot …". */
  purpose: string
  request: (body: BrowserRequest) => Promise<BrowserRequestResponse>
  complete: (proof: BrowserProof) => Promise<Result>
}

export interface BrowserOptions {
  /** Whether a browser can be opened on this machine. */
  opens: boolean
  /** Shows the user where to go. */
  announce: (page: BrowserPage) => void
}

/** Seconds. */
const defaultInterval = 5
const slowDownBy = 5

/**
 * Asks the user to approve something in a browser, and waits for the decision. Opens the browser if it is on this machine;
 * otherwise, the user opens the page anywhere and types a code.
 *
 * @throws {ApkgError} `BROWSER_DENIED`, `BROWSER_EXPIRED`, `BAD_RESPONSE`, `INTERRUPTED`; other errors of the requests
 */
export async function approveInBrowser<Result>(
  {registry}: Pick<RegistryClient, 'registry'>,
  approval: Approval<Result>,
  ports: Ports,
  {opens, announce}: BrowserOptions,
): Promise<Result> {
  if (opens && canOpenBrowser(ports.env)) return approveOnLoopback(registry, approval, ports, announce)
  const opened = await approval.request({})
  const {address, userCode, deviceCode} = deviceOf(opened, registry, approval.purpose)
  announce({address, userCode})
  return poll(registry, approval, {...opened, deviceCode}, ports)
}

async function approveOnLoopback<Result>(
  registry: string,
  {purpose, request, complete}: Approval<Result>,
  ports: Ports,
  announce: BrowserOptions['announce'],
): Promise<Result> {
  const state = randomValue()
  const codeVerifier = randomValue()
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const listener = await listenOnLoopback(state)
  const ended = new AbortController()
  const signal = AbortSignal.any([ports.interrupted, ended.signal])
  try {
    const loopback = {redirectUri: listener.redirectUri, codeChallenge, state}
    const {verificationUri, expiresIn} = await request({loopback})
    const address = verificationAddress(verificationUri, registry, purpose)
    announce({address, userCode: undefined})
    openBrowser(address, ports)
    const delivery = await Promise.race([listener.delivery, expiryAfter(registry, expiresIn * 1000, signal)])
    if (delivery === 'denied') throw failure('BROWSER_DENIED', {registry})
    return await orDecided(registry, () => complete({code: delivery.code, codeVerifier}))
  } finally {
    ended.abort()
    listener.close()
  }
}

function randomValue(): string {
  return randomBytes(32).toString('base64url')
}

async function expiryAfter(registry: string, milliseconds: number, signal: AbortSignal): Promise<never> {
  await pause(milliseconds, signal)
  throw failure('BROWSER_EXPIRED', {registry})
}

async function poll<Result>(
  registry: string,
  {complete}: Approval<Result>,
  {deviceCode, expiresIn, interval}: BrowserRequestResponse & {deviceCode: string},
  {interrupted}: Pick<Ports, 'interrupted'>,
): Promise<Result> {
  const end = performance.now() + expiresIn * 1000
  let seconds = interval ?? defaultInterval
  for (;;) {
    await pause(seconds * 1000, interrupted)
    try {
      return await orDecided(registry, () => complete({deviceCode}))
    } catch (error) {
      const code = refusalBehind(error)?.code
      if (code === 'SLOW_DOWN') seconds += slowDownBy
      else if (code !== 'AUTHORIZATION_PENDING' && !isPassing(error)) throw error
      if (performance.now() > end) throw failure('BROWSER_EXPIRED', {registry}, {cause: error})
    }
  }
}

/** Whether a later poll can succeed: the network or the registry was unavailable. */
function isPassing(error: unknown): boolean {
  return isApkgError(error) && error.exitCode === exitCodes.network
}

/** @throws {ApkgError} `INTERRUPTED` */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, {signal})
  } catch {
    throw sharedFailure('INTERRUPTED')
  }
}
