import type {FastifyRequest} from 'fastify'

import {type Client, clientOf, unauthenticatedActor} from '../auth/actor.js'
import {authenticate, refusalOf} from '../auth/authenticate.js'
import {hashSecret} from '../auth/credential-values.js'
import {refuseOldLogin} from '../auth/recent-login.js'
import {addressOf} from '../http/client-address.js'
import {Refusal} from '../http/refusal.js'
import type {BrowserRequest, SessionCredential} from '../store/store.js'
import type {BrowserSessions, RequestSelector} from '../web/browser-sessions.js'
import type {Ports} from './handler.js'

/** How long a replaced value can still arrive with requests that the browser sent before it got the new one. */
const replacedRecently = 60_000

/** What pages about sessions do. They are not endpoints, because only browsers have these sessions. */
export function browserSessions(ports: Ports): BrowserSessions {
  const login = ports.login.inBrowser()
  const {browserRequests, store} = ports

  const find = (credential: SessionCredential, selector: RequestSelector, client: Client) =>
    'code' in selector
      ? browserRequests.findByCode(selector.code, credential, client)
      : browserRequests.findById(selector.id, credential)

  return {
    async state(cookie) {
      const credential = await store.credentials.find('session', hashSecret(cookie))
      if (credential?.kind !== 'session' || !credential.isWeb) return 'over'
      const now = ports.clock().getTime()
      if (refusalOf(credential, now) === undefined) return 'valid'
      return credential.replacedAt !== null && now - credential.replacedAt < replacedRecently ? 'replaced' : 'over'
    },

    async logIn(credentials, earlier, request) {
      assertFilled({...credentials})
      const result = await login.withPassword(credentials, clientOfRequest(request), earlier)
      return 'mfaToken' in result ? {mfaToken: result.mfaToken} : {cookie: result.accessToken}
    },

    async enterCode(proof, earlier, request) {
      assertFilled({...proof})
      return {cookie: (await login.withCode(proof, clientOfRequest(request), earlier)).accessToken}
    },

    async confirm(cookie, proof, request) {
      assertFilled({...proof})
      const credential = await sessionOf(cookie, request, ports)
      const next = await login.confirm(credential, proof, clientOfRequest(request))
      if (next === undefined) throw new Refusal('SESSION_REQUIRED')
      return next
    },

    async logOut(cookie, request) {
      const hashes = {accessHash: hashSecret(cookie), refreshHash: undefined}
      await store.sessions.end(hashes, unauthenticatedActor(clientOfRequest(request)), ports.clock().getTime())
    },

    async visitor(cookie, request) {
      const credential = await sessionOf(cookie, request, ports)
      const {name: username, mfaEnabled} = credential.owner
      return {username, mfaEnabled, mustConfirm: refuseOldLogin(credential, ports.clock().getTime()) !== undefined}
    },

    async find(cookie, selector, request) {
      const found = await find(await sessionOf(cookie, request, ports), selector, clientOfRequest(request))
      return found && pendingRequest(found)
    },

    async decide(cookie, selector, isApproved, request) {
      const client = clientOfRequest(request)
      const credential = await sessionOf(cookie, request, ports)
      const found = await find(credential, selector, client)
      return found ? browserRequests.decide(found, isApproved, credential, client) : 'closed'
    },
  }
}

function pendingRequest({loopback, expiresAt: _, ...request}: BrowserRequest) {
  return {...request, isLocal: loopback !== undefined}
}

/** The browser's session. It is authenticated like the credential of any request, and its use is recorded. */
async function sessionOf(cookie: string, request: FastifyRequest, ports: Ports): Promise<SessionCredential> {
  const {store, guard, addresses, clock} = ports
  const client = clientOfRequest(request)
  const sent = {
    ...{value: cookie, isCookie: true, client, address: addresses.of(client.address), anyAddress: false},
    ...{action: 'whoami' as const, packageName: undefined},
  }
  const {credential} = await authenticate(store, guard, sent, () => undefined, clock().getTime())
  if (credential.kind !== 'session' || !credential.isWeb) throw new Refusal('SESSION_REQUIRED')
  request.credential = credential
  return credential
}

/** The limits of the protocol for the same fields. */
function assertFilled(fields: Record<string, string | undefined>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (value === '') throw new Refusal('VALIDATION', {details: [{field, message: 'is required'}]})
    if (value.length > 1024) throw new Refusal('VALIDATION', {details: [{field, message: 'is too long'}]})
  }
}

function clientOfRequest(request: FastifyRequest): Client {
  return clientOf(addressOf(request), request.headers['user-agent'])
}
