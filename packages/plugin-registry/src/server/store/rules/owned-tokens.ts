import {all, type Port} from '../port.js'
import type {OwnedTokens} from '../store.js'
import {tables} from './tables.js'
import {tokensOf} from './token-holders.js'
import {toRecord} from './tokens.js'
import {withHistory} from './token-values.js'

export function createOwnedTokens(port: Port): OwnedTokens {
  return {
    async *each(holder, pageSize = 500) {
      const tokens = withHistory(holder === undefined ? tables.selectFrom('tokens') : tokensOf(holder))
      for (let after = ''; ;) {
        const page = tokens.where('tokens.id', '>', after).orderBy('tokens.id').limit(pageSize)
        const rows = await port.ask(all(page))
        yield* rows.map(toRecord)
        const last = rows.at(-1)
        if (!last || rows.length < pageSize) return
        after = last.id
      }
    },

    async findByHash(hash) {
      const query = withHistory(tables.selectFrom('tokens'))
        .innerJoin('token_values as given', 'given.token_id', 'tokens.id')
        .select(['creators.disabled_at', 'given.ends_at', 'given.displaced_by'])
        .select('given.expires_at as value_expires_at')
        .where('given.hash', '=', hash)
      const [row] = await port.ask(all(query))
      if (!row) return undefined
      const isCurrent = row.ends_at === null && row.displaced_by === null
      return {
        ...toRecord(row),
        isOwnerDisabled: row.organization_id === null && row.disabled_at !== null,
        value: {
          isCurrent,
          endsAt: row.ends_at,
          isDisplaced: row.displaced_by !== null,
          expiresAt: row.value_expires_at,
        },
      }
    },
  }
}
