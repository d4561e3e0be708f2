import {redactTokenValues} from '@apkg/wire'

import {unauthenticatedActor} from '../auth/actor.js'
import {hashSecret} from '../auth/credential-values.js'
import type {Handler} from './handler.js'

/** Does the same lookups and responds in the same way, whether the values are valid, ended or unknown. */
export const revokeValues: Handler<'revokeValues'> = async ({body, client, now}, {store, config, guard}) => {
  const {values, note = null} = body
  const refusal = guard.refuseLeakReport(client, now.getTime())
  if (refusal) throw refusal
  const hashes = [...new Set(values)].map(hashSecret)
  const report = {
    hashes,
    note: note === null ? null : redactTokenValues(note),
    refreshGrace: config.sessionLifetimes.grace,
  }
  await store.leaks.revoke(report, unauthenticatedActor(client), now.getTime())
}
