import {isNotSuspended} from './suspensions.js'

/** The columns of an `ExpiringToken`. */
export const selectExpiring = `
  SELECT t.id, t.label, v.created_at AS "createdAt", t.expires_at AS "expiresAt"
  FROM tokens t JOIN token_values v ON v.id = t.value_id`

/** [owner, time, time] Finds the user's own tokens that expire between two times, the soonest first. */
export const expires = `
  t.organization_id IS NULL AND t.revoked_at IS NULL AND ${isNotSuspended} AND (t.uses_left IS NULL OR t.uses_left > 0)
    AND t.expires_at > ?2 AND t.expires_at <= ?3
  ORDER BY t.expires_at LIMIT 100`
