import type {Selectable} from 'kysely'

import {first, type Port, type Rule, run, type Step} from '../port.js'
import type {Schema} from '../schema.js'
import type {BrowserProof, BrowserRequest, BrowserRequestStore, Loopback, PolledRequest} from '../store.js'
import {recordChange} from './audit.js'
import {isValid} from './package-authority.js'
import {insertSession} from './session-rows.js'
import {tables} from './tables.js'

type Row = Selectable<Schema['browser_requests']>

function find(
  column: 'id' | 'user_code' | 'device_hash' | 'code_hash',
  value: string | Uint8Array,
): Step<Row | undefined> {
  return first(tables.selectFrom('browser_requests').selectAll().where(column, '=', value))
}

/** Finds a request that the user can decide. That of another user's session is treated as unknown. */
function isDecidable(row: Row | undefined, userId: string, now: number): row is Row {
  if (!row || row.decided_at !== null || row.closed_at !== null || row.expires_at <= now) return false
  return row.user_id === null || row.user_id === userId
}

/** Finds the approved request that a proof belongs to. */
function* findApproved(
  proof: BrowserProof,
  now: number,
): Rule<(Row & {approved_by: string; authenticated_at: number}) | undefined> {
  const row = yield* 'deviceHash' in proof ? find('device_hash', proof.deviceHash) : find('code_hash', proof.codeHash)
  if (!row || row.closed_at !== null || row.expires_at <= now) return undefined
  if ('codeChallenge' in proof && row.code_challenge !== proof.codeChallenge) return undefined
  const {approved_by, authenticated_at} = row
  return approved_by === null || authenticated_at === null ? undefined : {...row, approved_by, authenticated_at}
}

function close(id: string, now: number): Step<number> {
  return run(tables.updateTable('browser_requests').set({closed_at: now}).where('id', '=', id))
}

function stateOf(row: Row, now: number): PolledRequest['state'] {
  if (row.decided_at !== null && row.approved_by === null) return 'denied'
  if (row.closed_at !== null || row.expires_at <= now) return 'expired'
  return row.decided_at === null ? 'pending' : 'approved'
}

function toRequest(row: Row): BrowserRequest {
  return {
    id: row.id,
    isConfirmation: row.session_id !== null,
    address: row.address,
    agent: row.agent,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    loopback: loopbackOf(row),
  }
}

function loopbackOf({redirect_uri: redirectUri, code_challenge: codeChallenge, state}: Row): Loopback | undefined {
  return redirectUri === null || codeChallenge === null || state === null
    ? undefined
    : {redirectUri, codeChallenge, state}
}

export function createBrowserRequests(port: Port): BrowserRequestStore {
  return {
    open: ({id, delivery, confirms, expiresAt, interval}, {address, agent}, now) =>
      port.write(
        function* (): Rule<'opened' | 'taken'> {
          const polls = 'deviceHash' in delivery
          yield* run(
            tables.insertInto('browser_requests').values({
              id,
              device_hash: polls ? delivery.deviceHash : null,
              user_code: polls ? delivery.userCode : null,
              redirect_uri: polls ? null : delivery.redirectUri,
              code_challenge: polls ? null : delivery.codeChallenge,
              state: polls ? null : delivery.state,
              session_id: confirms?.sessionId ?? null,
              user_id: confirms?.userId ?? null,
              address,
              agent,
              created_at: now,
              expires_at: expiresAt,
              poll_interval: interval,
            }),
          )
          return 'opened'
        },
        {ifTaken: 'taken'},
      ),

    async find(selector, userId, now) {
      const row = await port.ask('id' in selector ? find('id', selector.id) : find('user_code', selector.userCode))
      // A request of a client that polls is found by its code alone.
      if (!isDecidable(row, userId, now) || ('id' in selector && row.redirect_uri === null)) return undefined
      return toRequest(row)
    },

    decide: ({id, userId, sessionId, isApproved, code}, by, now) =>
      port.write(function* (): Rule<'decided' | 'closed'> {
        const row = yield* find('id', id)
        const session = yield* first(tables.selectFrom('sessions').selectAll().where('id', '=', sessionId))
        if (!isDecidable(row, userId, now) || session?.kind !== 'web' || session.user_id !== userId) return 'closed'
        if (!(yield* isValid({kind: 'session', id: sessionId}, now))) return 'closed'
        const authenticatedAt = Math.max(session.authenticated_at ?? session.started_at, session.confirmed_at ?? 0)
        const approval = {approved_by: userId, authenticated_at: authenticatedAt}
        const issued = code ? {code_hash: code.hash, expires_at: code.endsAt} : {}
        const decision = {decided_at: now, ...(isApproved && {...approval, ...issued})}
        yield* run(tables.updateTable('browser_requests').set(decision).where('id', '=', id))
        const purpose = row.session_id === null ? 'login' : 'session.confirm'
        const detail = {address: row.address, agent: row.agent}
        yield* recordChange({at: now, action: `${purpose}.${isApproved ? 'approve' : 'deny'}`, by, target: id, detail})
        return 'decided'
      }),

    async poll(deviceHash, now) {
      const row = await port.ask(find('device_hash', deviceHash))
      return row && {id: row.id, state: stateOf(row, now), interval: row.poll_interval}
    },

    slowDown: (id, interval) =>
      port.write(function* () {
        yield* run(tables.updateTable('browser_requests').set({poll_interval: interval}).where('id', '=', id))
      }),

    completeLogin: ({proof, session, lifetimes}, by, now) =>
      port.write(function* () {
        const request = yield* findApproved(proof, now)
        if (!request || request.session_id !== null) return undefined
        const userId = request.approved_by
        const user = yield* first(tables.selectFrom('users').selectAll().where('id', '=', userId))
        if (!user || user.removed_at !== null) return undefined
        if (user.disabled_at !== null) return 'disabled'
        yield* close(request.id, now)
        const generation = {session, family: session.id, userId, startedAt: now, login: by}
        const authenticatedAt = request.authenticated_at
        const {accessExpiresAt} = yield* insertSession({...generation, authenticatedAt}, lifetimes, now)
        const actor = {...by, name: user.name, credentialId: session.id}
        yield* recordChange({at: now, action: 'login', by: actor, target: session.id, detail: {browser: request.id}})
        return {userId, username: user.name, accessExpiresAt}
      }),

    completeConfirmation: ({proof, sessionId}, by, now) =>
      port.write(function* () {
        const request = yield* findApproved(proof, now)
        if (!request || request.session_id !== sessionId) return false
        if (!(yield* isValid({kind: 'session', id: sessionId}, now))) return false
        yield* close(request.id, now)
        const earlier = tables.updateTable('sessions').set({confirmed_at: request.authenticated_at})
        yield* run(
          earlier
            .where('id', '=', sessionId)
            .where((row) =>
              row.or([row('confirmed_at', 'is', null), row('confirmed_at', '<', request.authenticated_at)]),
            ),
        )
        yield* recordChange({at: now, action: 'session.confirm', by, target: sessionId, detail: {browser: request.id}})
        return true
      }),
  }
}
