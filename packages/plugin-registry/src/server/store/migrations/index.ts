import type {Migration} from 'kysely'

import * as accounts from './0001-accounts.js'

/** Every migration by name, in the order of the names. One that was released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-accounts': accounts,
}
