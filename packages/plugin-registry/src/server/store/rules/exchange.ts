import type {Scope} from '@apkg/wire'
import type {Selectable} from 'kysely'

import {exchangedScopes} from '../exchanged-scopes.js'
import {all, first, type Port, type Rule, run, type Step, together} from '../port.js'
import {matchPublisher, idsToPin} from '../publisher-match.js'
import {projectKeysOf, projectIdKeyOf, publisherName} from '../publisher-project.js'
import type {Schema} from '../schema.js'
import type {
  Actor,
  Exchange,
  NewExchangedToken,
  PublisherDraft,
  TokenForExchange,
  TrustedPublisherStore,
  VerifiedIdToken,
} from '../store.js'
import {originOf, type PublisherOrigin} from '../publisher-origin.js'
import {recordChange} from './audit.js'
import {tables} from './tables.js'
import {findUse} from './token-values.js'
import {describe, toRequirement} from './trusted-publishers.js'

const minute = 60_000

/** How long an exchanged token is valid. */
const lifetime = 15 * minute

/** How long the same ID token can be exchanged again, if the first response was lost. */
const repetitionPeriod = minute

type ExchangedRow = Selectable<Schema['exchanged_tokens']>

/** Active publishers of the ID token's project. A disabled user's scope has none. */
function findCandidates({issuer, claims}: VerifiedIdToken, now: number) {
  const keys = projectKeysOf(claims)
  return all(
    tables
      .selectFrom('trusted_publishers')
      .innerJoin('names', 'names.name', 'trusted_publishers.scope')
      .leftJoin('users', 'users.name', 'trusted_publishers.scope')
      .selectAll('trusted_publishers')
      .select('names.trusted_publishing_since')
      .where('trusted_publishers.issuer', '=', issuer)
      .where((row) => row.or([row('project', 'in', keys), row('project_number', 'in', keys)]))
      .where('trusted_publishers.removed_at', 'is', null)
      .where('trusted_publishers.suspended_at', 'is', null)
      .where((row) => row.or([row('pending_until', 'is', null), row('pending_until', '>', now)]))
      .where('users.disabled_at', 'is', null)
      .where('users.removed_at', 'is', null)
      .orderBy('trusted_publishers.created_at')
      .orderBy('trusted_publishers.id'),
  )
}

export function createExchange(port: Port): Pick<TrustedPublisherStore, 'exchange' | 'endExchanged'> {
  return {
    exchange: (idToken, wanted, token, client, now) =>
      port.write(
        function* (): Rule<Exchange> {
          const [earlier, rows] = yield* together([
            first(tables.selectFrom('exchanged_tokens').selectAll().where('jti_hash', '=', idToken.jtiHash)),
            findCandidates(idToken, now),
          ])
          if (earlier && !(yield* isRepeatable(earlier, idToken, now))) return {outcome: 'replayed'}
          const candidates = rows.map((row) => ({
            ...toRequirement(row),
            isRequired: row.trusted_publishing_since !== null,
          }))
          const match = matchPublisher(candidates, idToken.claims, wanted)
          if (match.outcome !== 'matched') return match
          const {publisher} = match
          if (earlier && earlier.publisher_id !== publisher.id) return {outcome: 'replayed'}
          const origin = originOf(publisher.provider, idToken.issuer, idToken.claims)
          const made = toToken(publisher, token, now)
          const by = {name: made.label, credentialId: token.id, ...client}
          yield* pinIds(publisher, idToken, by, now)
          yield* together([
            earlier ? replaceToken(earlier.id, token, made) : addToken(publisher.id, idToken, token, made, origin),
            run(tables.updateTable('trusted_publishers').set({last_used_at: now}).where('id', '=', publisher.id)),
            recordExchange({publisher, origin, by, replaced: earlier?.id, now}),
          ])
          return {outcome: 'exchanged', token: made}
        },
        {ifTaken: {outcome: 'replayed'}},
      ),

    endExchanged: ({id}, by, now) =>
      port.write(function* () {
        const live = tables.updateTable('exchanged_tokens').set({ended_at: now}).where('id', '=', id)
        if ((yield* run(live.where('ended_at', 'is', null))) === 0) return
        yield* recordChange({at: now, action: 'token.revoke', by, target: id})
      }),
  }
}

/** Whether the response to the first exchange may have been lost: it was recent, and its token is unused. */
function* isRepeatable(earlier: ExchangedRow, {hash}: VerifiedIdToken, now: number): Rule<boolean> {
  if (!Buffer.from(earlier.id_token_hash).equals(hash) || earlier.ended_at !== null) return false
  if (Math.abs(now - earlier.exchanged_at) > repetitionPeriod) return false
  return (yield* findUse(earlier.id)) === undefined
}

function toToken(
  publisher: PublisherDraft & {isRequired: boolean},
  {id, prefix}: TokenForExchange,
  now: number,
): NewExchangedToken {
  const scopes: Scope[] = exchangedScopes(publisher)
  const patterns = [publisher.package]
  return {
    ...{id, label: publisherName(publisher), prefix, scopes, patterns},
    ...{createdAt: now, expiresAt: now + lifetime},
  }
}

/** Records the IDs of a project at its first exchange. From then on, another project with the same name is refused. */
function* pinIds(publisher: PublisherDraft, {claims}: VerifiedIdToken, by: Actor, now: number): Rule<void> {
  const ids = idsToPin(publisher, claims)
  if (!ids) return
  const pinned = {...publisher, claims: {...publisher.claims, ...ids}}
  const columns = {claims: JSON.stringify(pinned.claims), project_number: projectIdKeyOf(pinned)}
  yield* together([
    run(
      tables
        .updateTable('trusted_publishers')
        .set({...columns, pinned_at: now, pending_until: null})
        .where('id', '=', publisher.id),
    ),
    recordChange({at: now, action: 'trusted-publisher.pin', by, target: publisher.id, detail: describe(pinned)}),
  ])
}

function addToken(
  publisherId: string,
  idToken: VerifiedIdToken,
  {id, hash, prefix}: TokenForExchange,
  {createdAt, expiresAt}: NewExchangedToken,
  origin: PublisherOrigin,
): Step<number> {
  return run(
    tables.insertInto('exchanged_tokens').values({
      ...{id, hash, prefix, publisher_id: publisherId},
      jti_hash: idToken.jtiHash,
      id_token_hash: idToken.hash,
      origin: JSON.stringify(origin),
      exchanged_at: createdAt,
      created_at: createdAt,
      expires_at: expiresAt,
    }),
  )
}

/** Assigns a new ID too, so that a request that is still using the old value fails. */
function replaceToken(
  replaced: string,
  {id, hash, prefix}: TokenForExchange,
  {createdAt, expiresAt}: NewExchangedToken,
): Step<number> {
  const value = {id, hash, prefix, created_at: createdAt, expires_at: expiresAt}
  return run(tables.updateTable('exchanged_tokens').set(value).where('id', '=', replaced))
}

function recordExchange({
  publisher,
  origin,
  by,
  replaced,
  now,
}: {
  publisher: PublisherDraft
  origin: PublisherOrigin
  by: Actor
  replaced: string | undefined
  now: number
}): Step<number> {
  const {package: published, id} = publisher
  const detail = {trustedPublisher: id, package: published, origin, ...(replaced !== undefined && {replaces: replaced})}
  return recordChange({at: now, action: 'token.exchange', by, target: by.credentialId, detail})
}
