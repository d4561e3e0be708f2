import {tokenHolderFor} from '../auth/token-reach.js'
import {formatLogCursor, parseLogCursor} from '../http/cursor.js'
import type {TokenLogEntry} from '../http/openapi/index.js'
import {Refusal} from '../http/refusal.js'
import type {TokenLogRow} from '../store/store.js'
import type {Handler} from './handler.js'

const pageSize = 100

export const getTokenLog: Handler<'getTokenLog'> = async ({query, credential, now}, {store}) => {
  const {token, since, cursor, limit = pageSize, organization} = query
  const holder = tokenHolderFor(credential, organization)
  // Only the tokens that the credential can list.
  const listed = new Set((await store.tokens.list(holder, {ended: true}, now.getTime())).map(({id}) => id))
  // One more than requested, to find out whether there is another page.
  const rows = await store.audit.ofTokens(holder, {
    token,
    since: since === undefined ? undefined : Date.parse(since),
    after: cursor === undefined ? undefined : parseLogCursor(cursor),
    limit: limit + 1,
  })
  if (!rows || (token !== undefined && !listed.has(token))) throw new Refusal('TOKEN_NOT_FOUND')
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    entries: shown
      .filter(({tokenId}) => listed.has(tokenId))
      .map((row) => toEntry(row, [credential.owner.name, organization])),
    ...(last && rows.length > shown.length ? {nextCursor: formatLogCursor(last)} : {}),
    ...(organization !== undefined && {organization}),
  }
}

/** Hides the addresses of other people from the owner, such as of someone who reported a leak. */
function toEntry(
  {at, action, tokenId, label, name, target, detail, ...row}: TokenLogRow,
  own: readonly (string | null | undefined)[],
): TokenLogEntry {
  const isOwn = name !== null && own.includes(name)
  return {
    ...{at: new Date(at).toISOString(), action, tokenId, tokenName: label, actor: name},
    credential: isOwn ? row.credentialId : null,
    address: isOwn ? row.address : null,
    agent: isOwn ? row.agent : null,
    ...{target, detail},
  }
}
