import type {NamePageQuery} from '@apkg/wire/protocol'

import type {NamePage} from '../store/store.js'

/**
 * Reads one page of a list by name.
 *
 * @param list reads one entry more than requested, to find out whether there is another page
 */
export async function pageByName<Entry extends {name: string}>(
  {limit, cursor}: NamePageQuery,
  list: (page: NamePage) => Promise<Entry[]>,
): Promise<{shown: Entry[]; nextCursor: {nextCursor?: string}}> {
  const found = await list({after: cursor, limit: limit === undefined ? undefined : limit + 1})
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {shown, nextCursor: last && found.length > shown.length ? {nextCursor: last.name} : {}}
}
