/** The columns of an `ExpiringToken`. */
export const selectExpiring = `
  SELECT t.id, t.label, v.created_at AS "createdAt", t.expires_at AS "expiresAt"
  FROM tokens t JOIN token_values v ON v.id = t.value_id`

/** [owner, time, time] The soonest of the tokens that expire between two times. */
export const expires = `
  t.revoked_at IS NULL AND t.suspended_at IS NULL AND t.expires_at > ?2 AND t.expires_at <= ?3
  ORDER BY t.expires_at LIMIT 100`
