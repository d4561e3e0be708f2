import {all, type Port, type Rule, run, together} from '../port.js'
import {publisherName} from '../publisher-project.js'
import type {Actor, CreatedAccess, Departure, DepartureResult, DepartureStore} from '../store.js'
import {recordChange} from './audit.js'
import {removeMember} from './organizations.js'
import {parseSuspensions} from './suspensions.js'
import {tables} from './tables.js'
import {type TokenWithHistory, withHistory} from './token-values.js'
import {describe, type PublisherRow, toRequirement} from './trusted-publishers.js'
import {countCredentials, disableUser, removeUser, revokeCredentials} from './users.js'

/** The rows of `CreatedAccess`. */
interface CreatedRows {
  tokens: TokenWithHistory[]
  publishers: PublisherRow[]
}

export function createDepartures(port: Port): DepartureStore {
  return {
    preview: (departure, now) =>
      port.read(function* () {
        const created = yield* findCreated(departure, now)
        const isRevoking = departure.kind === 'revoke-all' || departure.kind === 'remove'
        const revoked = isRevoking ? yield* countCredentials(departure.userId) : {sessions: 0, tokens: 0}
        return {...revoked, isAbsent: false, created: toCreatedAccess(created)}
      }),

    depart: (departure, suspension, by, now) => port.write(() => departWith(departure, suspension, by, now)),
  }
}

/** Removes a member. See `DepartureStore.depart`. */
export function leave(
  {organizationId, userId}: {organizationId: string; userId: string},
  suspension: {reason: string} | null,
  by: Actor,
  now: number,
): Rule<DepartureResult> {
  return departWith({kind: 'leave', organizationId, userId}, suspension, by, now)
}

function* departWith(
  departure: Departure,
  suspension: {reason: string} | null,
  by: Actor,
  now: number,
): Rule<DepartureResult> {
  const created = yield* findCreated(departure, now)
  const {isAbsent = false, ...revoked} = yield* depart(departure, by, now)
  if (suspension && !isAbsent) yield* suspendCreated(created, suspension.reason, by, now)
  return {sessions: 0, tokens: 0, ...revoked, isAbsent, created: toCreatedAccess(created)}
}

function* depart(
  departure: Departure,
  by: Actor,
  now: number,
): Rule<Partial<Pick<DepartureResult, 'sessions' | 'tokens' | 'isAbsent'>>> {
  const {userId} = departure
  switch (departure.kind) {
    case 'revoke-all':
      return yield* revokeCredentials(userId, by, now)
    case 'remove':
      return yield* removeUser(userId, by, now)
    case 'disable':
      yield* disableUser(userId, true, by, now)
      return {}
    case 'leave':
      return {isAbsent: (yield* removeMember(departure, by, now)) === 'absent'}
  }
}

function* findCreated(departure: Departure, now: number): Rule<CreatedRows> {
  const [tokens, publishers] = yield* together([
    all(createdTokens(departure, now)),
    all(createdPublishers(departure, now)),
  ])
  return {tokens, publishers}
}

/** Selects tokens of organizations that still work, or would if they weren't suspended. */
function createdTokens(departure: Departure, now: number) {
  const created = withHistory(tables.selectFrom('tokens'))
    .where('tokens.user_id', '=', departure.userId)
    .where('tokens.organization_id', 'is not', null)
    .where('tokens.revoked_at', 'is', null)
    .where((row) => row.or([row('tokens.expires_at', 'is', null), row('tokens.expires_at', '>', now)]))
    .where((row) => row.or([row('tokens.uses_left', 'is', null), row('tokens.uses_left', '>', 0)]))
    .orderBy('holders.name')
    .orderBy('tokens.label')
  return departure.kind === 'leave' ? created.where('tokens.organization_id', '=', departure.organizationId) : created
}

/** Selects trusted publishers that weren't removed and haven't expired. */
function createdPublishers(departure: Departure, now: number) {
  const created = tables
    .selectFrom('trusted_publishers')
    .selectAll()
    .where('created_by', '=', departure.userId)
    .where('removed_at', 'is', null)
    .where((row) => row.or([row('pending_until', 'is', null), row('pending_until', '>', now)]))
    .orderBy('scope')
    .orderBy('created_at')
    .orderBy('id')
  if (departure.kind === 'revoke-all') return created
  const organizations = tables.selectFrom('organizations').select('name')
  // Publishers of the user's own scope are refused anyway while the user is disabled or removed.
  return departure.kind === 'leave'
    ? created.where('scope', 'in', organizations.where('id', '=', departure.organizationId))
    : created.where('scope', 'in', organizations)
}

/** Suspends tokens as their organizations would, so that other admins can resume them. */
function* suspendCreated({tokens, publishers}: CreatedRows, reason: string, by: Actor, now: number): Rule<void> {
  for (const {id, label} of tokens.filter((token) => !isSuspended(token))) {
    const suspension = {token_id: id, made_by: 'owner' as const, name: by.name, at: now, reason}
    yield* together([
      run(tables.insertInto('token_suspensions').values(suspension)),
      recordChange({at: now, action: 'token.suspend', by, target: id, detail: {label, by: 'owner', reason}}),
    ])
  }
  for (const publisher of publishers.filter(({suspended_at}) => suspended_at === null)) {
    const {id} = publisher
    const detail = {...describe(toRequirement(publisher)), reason}
    yield* together([
      run(tables.updateTable('trusted_publishers').set({suspended_at: now}).where('id', '=', id)),
      recordChange({at: now, action: 'trusted-publisher.suspend', by, target: id, detail}),
    ])
  }
}

function isSuspended({suspensions}: TokenWithHistory): boolean {
  return parseSuspensions(suspensions).some(({by}) => by === 'owner')
}

function toCreatedAccess({tokens, publishers}: CreatedRows): CreatedAccess {
  return {
    tokens: tokens.map((token) => ({
      id: token.id,
      label: token.label,
      organization: token.organization_name ?? '',
      isSuspended: isSuspended(token),
    })),
    publishers: publishers.map((row) => ({
      id: row.id,
      name: publisherName(toRequirement(row)),
      package: row.package,
      isSuspended: row.suspended_at !== null,
    })),
  }
}
