import {type Selectable, sql} from 'kysely'

import {first, run, statement, type Step} from '../port.js'
import type {Schema} from '../schema.js'
import {tables} from './tables.js'

export type ValueRow = Selectable<Schema['token_values']>

export type TokenRow = Selectable<Schema['tokens']>

// The first use of every token runs this, so it is written by hand and prepared once.
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
export function findUse(valueId: string): Step<unknown> {
  return first(tables.selectFrom('credential_uses').select('credential_id').where('credential_id', '=', valueId))
}

/** Adds when a token was last used, with any of its values, as `used_at`. */
export const lastUse = tables
  .selectFrom('credential_uses')
  .innerJoin('token_values', 'token_values.id', 'credential_uses.credential_id')
  .whereRef('token_values.token_id', '=', sql.ref('tokens.id'))
  .select((use) => use.fn.max('credential_uses.last_used_at').as('used_at'))
  .$asScalar()
  .as('used_at')

/** Adds when the newest value of a token was created as `rotated_at`; null for the first value. */
export const lastRotation = tables
  .selectFrom('token_values')
  .whereRef('token_values.id', '=', sql.ref('tokens.value_id'))
  .where('token_values.generation', '>', 1)
  .select('token_values.created_at')
  .$asScalar()
  .as('rotated_at')

/** The values of a token that work, except some. */
function otherLiveValues(tokenId: string, except: readonly string[], now: number) {
  return tables
    .updateTable('token_values')
    .where('token_id', '=', tokenId)
    .where('id', 'not in', except)
    .where((either) => either.or([either('ends_at', 'is', null), either('ends_at', '>', now)]))
}

/** Ends all values of a token but one, for good. */
export function endOthers(tokenId: string, kept: string, now: number): Step<number> {
  return run(otherLiveValues(tokenId, [kept], now).set({ends_at: now}))
}

/**
 * Ends the value that was retired before, unless the new value is dropped.
 *
 * @param unused the successor that the new value takes the place of.
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
