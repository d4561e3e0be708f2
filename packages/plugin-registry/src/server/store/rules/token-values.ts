import {type Selectable, type SelectQueryBuilder, sql} from 'kysely'

import {first, run, statement, type Step} from '../port.js'
import type {Schema} from '../schema.js'
import {suspensionsColumn} from './suspensions.js'
import {tables} from './tables.js'

export type ValueRow = Selectable<Schema['token_values']>

export type TokenRow = Selectable<Schema['tokens']>

// The first use of every token runs this, so it is handwritten and prepared once.
const retire = statement(`
  UPDATE token_values SET ends_at = ?2 + (SELECT s.grace FROM token_values s WHERE s.id = ?1)
  WHERE id = (SELECT s.replaces FROM token_values s WHERE s.id = ?1) AND ends_at IS NULL`)

/** Starts the grace period of the value that a new one replaces. Changes nothing for the first value of a token. */
export function retireReplaced(valueId: string, now: number): Step<number> {
  return run(retire(valueId, now))
}

export function findValue(id: string): Step<ValueRow | undefined> {
  return first(tables.selectFrom('token_values').selectAll().where('id', '=', id))
}

/** Finds a row if the value was used. */
export function findUse(valueId: string): Step<Selectable<Schema['credential_uses']> | undefined> {
  const uses = tables.selectFrom('credential_uses').selectAll().where('credential_id', '=', valueId)
  return first(uses.where('only_elsewhere', '=', 0))
}

/** Returns the earliest time, or null if all are null. */
export function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** SQL for the last use of a token with any of its values. */
const lastUse = sql<string>`(
  SELECT c.credential_id FROM credential_uses c JOIN token_values v ON v.id = c.credential_id
  WHERE v.token_id = tokens.id ORDER BY c.last_used_at DESC LIMIT 1)`

/** Columns of the last use. Null if there is none. */
export type UseColumns = {
  [Column in 'address' | 'agent' | 'action' | 'package' | 'refused']:
    Selectable<Schema['credential_uses']>[Column] | null
}

type History = UseColumns & {[Column in 'used_at' | 'rotated_at' | 'generation' | 'value_ends_at']: number | null} & {
  creator: string
  organization_name: string | null
}

/** A token with its last use and its suspensions, which `parseSuspensions` reads. */
export type TokenWithHistory = TokenRow & History & {suspensions: string | null}

/** Adds the last use of each token, when its newest value was created and ends, its suspensions, and its owner's name. */
export function withHistory<Row>(tokens: SelectQueryBuilder<Schema, 'tokens', Row>) {
  return tokens
    .leftJoin('credential_uses as uses', (join) => join.on('uses.credential_id', '=', lastUse))
    .leftJoin('token_values as newest', 'newest.id', 'tokens.value_id')
    .innerJoin('users as creators', 'creators.id', 'tokens.user_id')
    .leftJoin('organizations as holders', 'holders.id', 'tokens.organization_id')
    .selectAll('tokens')
    .select(['creators.name as creator', 'holders.name as organization_name'])
    .select((row) => [
      'uses.last_used_at as used_at',
      ...(['uses.address', 'uses.agent', 'uses.action', 'uses.package', 'uses.refused'] as const),
      'newest.generation',
      'newest.ends_at as value_ends_at',
      row.case().when('newest.generation', '>', 1).then(row.ref('newest.created_at')).else(null).end().as('rotated_at'),
      suspensionsColumn.as('suspensions'),
    ])
}

/** Selects the active values of a token, except some. */
function otherLiveValues(tokenId: string, except: readonly string[], now: number) {
  return tables
    .updateTable('token_values')
    .where('token_id', '=', tokenId)
    .where('id', 'not in', except)
    .where((either) => either.or([either('ends_at', 'is', null), either('ends_at', '>', now)]))
}

/** Ends all values of a token permanently, except one. */
export function endOthers(tokenId: string, kept: string, now: number): Step<number> {
  return run(otherLiveValues(tokenId, [kept], now).set({ends_at: now}))
}

/** Ends all values but the newest of each token: those in their grace period, and those that a rotation replaces. */
export function endReplaced(now: number): Step<number> {
  return run(
    tables
      .updateTable('token_values')
      .set({ends_at: now})
      .where('id', 'not in', tables.selectFrom('tokens').select('value_id'))
      .where((either) => either.or([either('ends_at', 'is', null), either('ends_at', '>', now)])),
  )
}

/**
 * Ends the value that was retired earlier. It works again if the new value is dropped.
 *
 * @param unused the unused successor that the new value replaces
 */
export function displaceRetired(
  tokenId: string,
  {replaced, unused, newest}: {replaced: string; unused: string | undefined; newest: string},
  now: number,
): Step<number> {
  return run(
    otherLiveValues(tokenId, [replaced, newest], now)
      .where((either) => either.or([either('displaced_by', 'is', null), either('displaced_by', '=', unused ?? newest)]))
      .set({displaced_by: newest}),
  )
}

export function restoreDisplaced(by: string): Step<number> {
  return run(tables.updateTable('token_values').set({displaced_by: null}).where('displaced_by', '=', by))
}

export function endValue(id: string, now: number): Step<number> {
  return run(tables.updateTable('token_values').set({ends_at: now}).where('id', '=', id))
}

/** Makes a value the newest one of its token. */
export function makeNewest({id, token_id, hash, prefix, lifetime, expires_at}: ValueRow): Step<number> {
  return run(
    tables.updateTable('tokens').set({value_id: id, hash, prefix, lifetime, expires_at}).where('id', '=', token_id),
  )
}
