import {
  CredentialStore,
  isApkgError,
  isInteractive,
  printable,
  refusalBehind,
  type Ports,
  type RegistryClient,
  type StoredLogin,
} from '@apkg/command-kit'

import {assertReachable} from './assert-reachable.js'
import {expiringTokens, type ExpiringToken} from './expiring-tokens.js'
import {failure} from '../failures.js'
import {browserPageText} from './browser/decision.js'
import {checkTicket, type LoginTicket, requestTicket} from './browser/login-ticket.js'
import {offersBrowser} from './browser/offers-browser.js'
import type {NewLogin} from './browser/new-login.js'
import {adoptToken, logIn} from './login.js'
import {gatherLoginInput, readToken, type LoginFlags} from './login-input.js'

/** The login that was saved. */
export interface NewLoginResult {
  /** Only with `--check`. */
  status?: 'logged-in'
  /** URL of the registry. */
  registry: string
  username: string
  /** `token` after `--with-token`. */
  kind: 'session' | 'token'
  /** Your API tokens that expire soon, the soonest first. */
  expiringTokens: ExpiringToken[]
}

/** How to log in. */
export interface StoreLoginFlags extends LoginFlags {
  'with-token': boolean
  /** Undefined: on a terminal, if the registry offers it and no other flag says how to log in. */
  browser?: boolean | undefined
  /** Whether to request a login without waiting for it. */
  request: boolean
  /** The ticket of a login to complete. */
  check?: string | undefined
}

/**
 * Logs in and stores the session, or stores an existing token. Checks first that the store is writable. Ends the session
 * that was stored before, which nothing can use anymore.
 *
 * @param note shows where to approve the login
 * @returns the ticket, if the login was only requested or isn't approved yet
 * @throws {ApkgError} the errors of the store, `gatherLoginInput`, `readToken`, `logIn`, `adoptToken`, `logInWithBrowser`,
 *   `requestTicket` and `checkTicket`; `BROWSER_NOT_OFFERED`
 */
export async function storeLogin(
  client: RegistryClient,
  flags: StoreLoginFlags,
  ports: Ports,
  note: (text: string) => void,
): Promise<NewLoginResult | LoginTicket> {
  if (isInteractive(ports)) {
    note(`Logging in to ${client.registry}`)
    await assertReachable(client)
  }
  const store = new CredentialStore(ports.home)
  await store.assertWritable()
  const login = await newLogin(client, flags, ports, note)
  if ('ticket' in login) return login
  const {expiring, ...set} = login
  const replaced = await store.save(set)
  if (replaced) await endReplacedSession(client, replaced)
  const {registry, username} = set
  const kind = flags['with-token'] ? 'token' : 'session'
  const result = {registry, username, kind, expiringTokens: expiringTokens(expiring, ports)} as const
  return flags.check === undefined ? result : {...result, status: 'logged-in'}
}

async function newLogin(
  client: RegistryClient,
  flags: StoreLoginFlags,
  ports: Ports,
  note: (text: string) => void,
): Promise<NewLogin | LoginTicket> {
  if (flags['with-token']) return adoptToken(client, await readToken(ports))
  if (flags.request) return requestTicket(client, ports)
  if (flags.check !== undefined) return checkTicket(client, flags.check, ports)
  if (await usesBrowser(client, flags, ports)) {
    const {logInWithBrowser} = await import('./browser/browser-login.js')
    return logInWithBrowser(client, ports, {
      opens: flags.browser !== false,
      announce: (page) => {
        note(browserPageText(page))
      },
    })
  }
  return logInWithRetries(client, flags, ports)
}

async function usesBrowser(client: RegistryClient, flags: StoreLoginFlags, ports: Ports): Promise<boolean> {
  if (flags.browser !== undefined) {
    if (await offersBrowser(client)) return true
    throw failure('BROWSER_NOT_OFFERED', {registry: client.registry})
  }
  const usesPassword = flags.username !== undefined || flags['password-stdin'] || flags.otp !== undefined
  return !usesPassword && isInteractive(ports) && offersBrowser(client)
}

/** Milliseconds. */
const endingTimeout = 5000

/** The new login is stored already, so a failure doesn't matter: the old session expires. */
async function endReplacedSession(client: RegistryClient, {refreshToken}: StoredLogin): Promise<void> {
  if (refreshToken.isEmpty) return
  try {
    await client.endSession(refreshToken, {timeout: endingTimeout})
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
  }
}

/** Attempts at the username and the password on a terminal. */
const maxAttempts = 3

/** On a terminal, asks for the username and the password again if they are rejected. */
async function logInWithRetries(client: RegistryClient, flags: LoginFlags, ports: Ports): Promise<NewLogin> {
  let username: string | undefined
  for (let attempt = 1; ; attempt++) {
    const input = await gatherLoginInput(flags, ports, username)
    try {
      return await logIn(client, input)
    } catch (error) {
      const refusal = refusalBehind(error)
      if (refusal?.code !== 'LOGIN_FAILED' || !input.canAskAgain || attempt === maxAttempts) throw error
      await ports.stderr.write(`${printable(refusal.reason)}. Try again.\n`)
      username = input.username
    }
  }
}
