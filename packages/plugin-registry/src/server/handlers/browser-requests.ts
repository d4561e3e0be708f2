import {expiringTokenResponse, expiryPeriod} from '../auth/expiring-tokens.js'
import {sessionResponse} from '../auth/session-draft.js'
import {Refusal} from '../http/refusal.js'
import type {Handler, Ports} from './handler.js'

/** Without pages, a registry is like one that doesn't know these endpoints. */
function assertOffered({config}: Ports): void {
  if (!config.browserLogin) throw new Refusal('NOT_FOUND')
}

export const requestBrowserLogin: Handler<'requestBrowserLogin'> = async ({body, client}, ports) => {
  assertOffered(ports)
  return ports.browserRequests.openLogin(body, client)
}

export const completeBrowserLogin: Handler<'completeBrowserLogin'> = async ({body, client, now}, ports) => {
  assertOffered(ports)
  const {draft, userId, username, accessExpiresAt} = await ports.browserRequests.completeLogin(body, client)
  const expiring = await ports.store.tokens.expiring(userId, expiryPeriod(now.getTime()))
  const session = sessionResponse(draft, username, accessExpiresAt, now.getTime())
  return {...session, expiringTokens: expiring.map(expiringTokenResponse)}
}

export const requestBrowserConfirmation: Handler<'requestBrowserConfirmation'> = async (
  {body, credential, client},
  ports,
) => {
  assertOffered(ports)
  return ports.browserRequests.openConfirmation(body, credential, client)
}

export const completeBrowserConfirmation: Handler<'completeBrowserConfirmation'> = async (
  {body, credential, client},
  ports,
) => {
  assertOffered(ports)
  await ports.browserRequests.completeConfirmation(body, credential, client)
}
