/** ?1 is the ID of a user or an organization. */
const isOwn = (token: string) =>
  `((${token}.user_id = ?1 AND ${token}.organization_id IS NULL) OR ${token}.organization_id = ?1)`

/** Rows about tokens and accounts of others, which an operator's token changed. They aren't part of the user's log. */
const isAboutOthers = `
  EXISTS (SELECT 1 FROM tokens o WHERE o.id = recent.target AND coalesce(o.organization_id, o.user_id) <> ?1)
  OR EXISTS (SELECT 1 FROM users u WHERE u.id = recent.target AND u.id <> ?1)`

/** Finds one page of rows with the ID of the token `own` in a column. */
const pageOf = (column: 'target' | 'credential_id') => `
  SELECT recent.id FROM audit recent
  WHERE recent.${column} = own.id AND recent.at >= ?3 AND (recent.at, recent.id) < (?4, ?5) AND NOT (${isAboutOthers})
  ORDER BY recent.at DESC, recent.id DESC LIMIT ?6`

/**
 * Writes the statement that finds the log of a user's or an organization's tokens.
 *
 * @param idsIn writes a query for the `id` of the rows that a page contains, for each row of the table `own`
 */
export function tokenLogStatement(idsIn: (page: string) => string): string {
  return `
    WITH own AS (SELECT id FROM tokens t WHERE ${isOwn('t')} AND id = coalesce(?2, id))
    SELECT a.id, a.at, a.action, a.actor, a.credential_id, a.address, a.agent, a.target, a.detail,
      coalesce(t.id, c.id) AS token_id, coalesce(t.label, c.label) AS label
    FROM audit a
    LEFT JOIN tokens t ON t.id = a.target AND ${isOwn('t')}
    LEFT JOIN tokens c ON c.id = a.credential_id AND ${isOwn('c')}
    WHERE a.id IN (${idsIn(pageOf('target'))} UNION ${idsIn(pageOf('credential_id'))})
    ORDER BY a.at DESC, a.id DESC LIMIT ?6`
}
