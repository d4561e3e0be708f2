import {randomBytes} from 'node:crypto'

import {
  canonicalRegistry,
  type Ports,
  printable,
  refusalBehind,
  type RegistryClient,
  StateFolder,
  withLock,
} from '@apkg/command-kit'
import {isJsonObject} from '@apkg/wire'

import {failure} from '../../failures.js'
import {deviceOf, orDecided} from './decision.js'
import {loginPurpose, type NewLogin, newLogin} from './new-login.js'

/** A login that waits for your approval in a browser. */
export interface LoginTicket {
  /** URL of the registry. */
  registry: string
  status: 'pending'
  /** For `apkg login --check`, on this machine. */
  ticket: string
  /** The page to open in a browser. */
  verificationUri: string
  /** The code to type on the page. */
  userCode: string
  /**
   * When the request expires.
   *
   * @format date-time
   */
  expiresAt: string
  /** How many seconds to wait between two checks. */
  interval: number
}

interface StoredTicket extends Omit<LoginTicket, 'ticket' | 'status'> {
  deviceCode: string
}

type Tickets = Readonly<Record<string, StoredTicket>>

/** Seconds. */
const defaultInterval = 5

/** Expired tickets are kept for a day, so that checking one says that it expired. */
const retention = 24 * 3_600_000

/**
 * Requests a login, and keeps its secret in `~/.apkg`.
 *
 * @throws {ApkgError} `BAD_RESPONSE`; the errors of reading and writing `~/.apkg`
 */
export async function requestTicket(
  client: RegistryClient,
  {home, now}: Pick<Ports, 'home' | 'now'>,
): Promise<LoginTicket> {
  const {registry} = client
  const response = await client.call('requestBrowserLogin', {body: {}})
  const {address: verificationUri, userCode, deviceCode} = deviceOf(response, registry, loginPurpose)
  const ticket = randomBytes(8).toString('hex')
  const expiresAt = new Date(now().getTime() + response.expiresIn * 1000).toISOString()
  const stored = {registry, verificationUri, userCode, expiresAt, interval: response.interval ?? defaultInterval}
  await changeTickets(home, (tickets) => ({...kept(tickets, now()), [ticket]: {...stored, deviceCode}}))
  return {ticket, status: 'pending', ...stored}
}

/**
 * Finds a ticket.
 *
 * @throws {ApkgError} `LOGIN_TICKET_UNKNOWN`; the errors of reading `~/.apkg`
 */
async function findTicket(ticket: string, home: string): Promise<StoredTicket> {
  const tickets = await readTickets(new StateFolder(home))
  const stored = Object.hasOwn(tickets, ticket) ? tickets[ticket] : undefined
  if (stored === undefined) throw failure('LOGIN_TICKET_UNKNOWN')
  return stored
}

/**
 * Returns flags that select the registry of the ticket to check, if there is one.
 *
 * @throws {ApkgError} `LOGIN_TICKET_UNKNOWN`; `USAGE` if `--registry` selects another one, or isn't a URL
 */
export async function withTicketRegistry<Flags extends {check?: string | undefined; registry?: string | undefined}>(
  flags: Flags,
  home: string,
): Promise<Flags> {
  if (flags.check === undefined) return flags
  const {registry} = await findTicket(flags.check, home)
  if (flags.registry !== undefined && canonicalRegistry(flags.registry, '--registry') !== registry) {
    throw failure('USAGE', {message: `The ticket is for ${printable(registry)}, not for ${printable(flags.registry)}`})
  }
  return {...flags, registry}
}

/**
 * Asks once whether the login was approved. The ticket is removed once it is decided or has expired.
 *
 * @param client of the ticket's registry
 * @throws {ApkgError} `BROWSER_DENIED`, `BROWSER_EXPIRED`
 */
export async function checkTicket(
  client: RegistryClient,
  ticket: string,
  {home}: Pick<Ports, 'home'>,
): Promise<NewLogin | LoginTicket> {
  const {deviceCode, ...stored} = await findTicket(ticket, home)
  try {
    const session = await orDecided(client.registry, () => client.call('completeBrowserLogin', {body: {deviceCode}}))
    await removeTicket(home, ticket)
    return newLogin(session, client.registry)
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.code === 'AUTHORIZATION_PENDING' || refusal?.code === 'SLOW_DOWN') {
      return {ticket, status: 'pending', ...stored, interval: refusal.retryAfter ?? stored.interval}
    }
    if (refusal?.code === 'BROWSER_DENIED' || refusal?.code === 'DEVICE_CODE_EXPIRED') await removeTicket(home, ticket)
    throw error
  }
}

function removeTicket(home: string, ticket: string): Promise<void> {
  return changeTickets(home, (tickets) => Object.fromEntries(Object.entries(tickets).filter(([id]) => id !== ticket)))
}

function kept(tickets: Tickets, now: Date): Tickets {
  const isKept = ({expiresAt}: StoredTicket) => Date.parse(expiresAt) + retention > now.getTime()
  return Object.fromEntries(Object.entries(tickets).filter(([, each]) => isKept(each)))
}

async function changeTickets(home: string, change: (tickets: Tickets) => Tickets): Promise<void> {
  const folder = new StateFolder(home)
  await withLock(folder, async (lock) => {
    const tickets = change(await readTickets(folder))
    lock.assertHeld()
    if (Object.keys(tickets).length === 0) await folder.remove('tickets')
    else await folder.replace('tickets', {tickets})
  })
}

async function readTickets(folder: StateFolder): Promise<Tickets> {
  return (await folder.read('tickets', isTicketsFile))?.tickets ?? {}
}

const texts = ['registry', 'deviceCode', 'verificationUri', 'userCode', 'expiresAt']

function isTicketsFile(value: unknown): value is {tickets: Tickets} {
  if (!isJsonObject(value) || !isJsonObject(value['tickets'])) return false
  return Object.values(value['tickets']).every(isTicket)
}

function isTicket(value: unknown): boolean {
  return isJsonObject(value) && texts.every((name) => typeof value[name] === 'string') && Number(value['interval']) > 0
}
