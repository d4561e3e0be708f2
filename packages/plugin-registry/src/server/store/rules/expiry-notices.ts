import {all, type Rule, run, statement, together} from '../port.js'
import {registryItself} from '../store.js'
import {recordChange} from './audit.js'

const day = 24 * 3_600_000

/** How many days before a token's expiry it is recorded. */
const [early, late] = [14, 3]

interface Expiring {
  id: string
  label: string
  value_id: string
  owner: string
  expires_at: number
}

/** Finds tokens that expire within one of the two periods, if that isn't recorded yet. */
const findExpiring = statement<Expiring>(`
  SELECT t.id, t.label, t.value_id, t.expires_at, coalesce(o.name, u.name) AS owner
  FROM tokens t JOIN token_values v ON v.id = t.value_id JOIN users u ON u.id = t.user_id
    LEFT JOIN organizations o ON o.id = t.organization_id
  WHERE t.revoked_at IS NULL AND t.expires_at > ?1 AND t.expires_at <= ?2 AND (
    (v.expiry_notice IS NULL AND t.expires_at - v.created_at > ${early * day})
    OR (coalesce(v.expiry_notice, ${early}) > ${late} AND t.expires_at <= ?3
      AND t.expires_at - v.created_at > ${late * day}))
  ORDER BY t.expires_at LIMIT 100`)

const setNotice = statement('UPDATE token_values SET expiry_notice = ?2 WHERE id = ?1')

/** Records that tokens expire soon: once for each value of a token and each period. */
export function* noteExpiringTokens(now: number): Rule<number> {
  const expiring = yield* all(findExpiring(now, now + early * day, now + late * day))
  const steps = expiring.flatMap(({id, label, value_id, owner, expires_at}) => {
    const days = expires_at <= now + late * day ? late : early
    const detail = {label, owner, expiresAt: new Date(expires_at).toISOString(), days}
    return [
      run(setNotice(value_id, days)),
      recordChange({at: now, action: 'token.expiring', by: registryItself, target: id, detail}),
    ]
  })
  yield* together(steps)
  return expiring.length
}
