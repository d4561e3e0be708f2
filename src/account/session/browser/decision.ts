import {failure as sharedFailure, printable, refusalBehind} from '@apkg/command-kit'
import type {BrowserRequestResponse} from '@apkg/wire/protocol'

import {failure} from '../../failures.js'
import {verificationAddress} from './verification-address.js'

/** The page to open. `userCode` is undefined if a browser on this machine is opened. */
export interface BrowserPage {
  address: string
  userCode: string | undefined
}

const waiting = 'Waiting for your approval. Press Ctrl-C to cancel.'

/** Where to approve a login or a confirmation. */
export function browserPageText({address, userCode}: BrowserPage): string {
  const shown = printable(address)
  if (userCode === undefined) return `Opening your browser. If it doesn't open, go to ${shown}\n${waiting}`
  return `Open ${shown} in any browser and enter the code ${printable(userCode)}\n${waiting}`
}

/** Reads the response to a request without a loopback address. */
export function deviceOf(
  {verificationUri, userCode, deviceCode}: BrowserRequestResponse,
  registry: string,
  purpose: string,
): {address: string; userCode: string; deviceCode: string} {
  if (!userCode || !deviceCode) {
    throw sharedFailure('BAD_RESPONSE', {purpose, registry, reason: 'the response contains no code'})
  }
  return {address: verificationAddress(verificationUri, registry, purpose), userCode, deviceCode}
}

/** Turns the refusals that are decisions of the user into failures. */
export async function orDecided<Result>(registry: string, complete: () => Promise<Result>): Promise<Result> {
  try {
    return await complete()
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.code === 'BROWSER_DENIED') throw failure('BROWSER_DENIED', {registry}, {cause: refusal})
    if (refusal?.code === 'DEVICE_CODE_EXPIRED') throw failure('BROWSER_EXPIRED', {registry}, {cause: refusal})
    throw error
  }
}
