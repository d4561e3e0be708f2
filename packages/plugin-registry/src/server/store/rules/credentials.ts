import type {Scope} from '@apkg/wire'

import type {Credential, CredentialLookup} from '../store.js'
import type {Connection} from './connection.js'

/** The last use of a token is updated once it is older than this. */
const useInterval = 60_000

// These run on every authenticated request, so they are written by hand and prepared once.
const owner = `u.id AS user_id, u.name AS user_name, u.email, u.mfa_enabled_at, u.disabled_at`

const findSession = `
  SELECT s.id, s.expires_at, s.revoked_at, s.used_at AS last_used_at, ${owner}
  FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.access_hash = ?`

const findToken = `
  SELECT t.id, t.expires_at, t.revoked_at, t.last_used_at, t.label, t.prefix, t.scopes, t.patterns, t.suspended_at,
    ${owner}
  FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ?`

const recordSessionUse = 'UPDATE sessions SET used_at = ?1 WHERE id = ?2 AND used_at IS NULL'

const recordTokenUse = `
  UPDATE tokens SET last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)`

interface Row {
  id: string
  expires_at: number | null
  revoked_at: number | null
  last_used_at: number | null
  user_id: string
  user_name: string
  email: string
  mfa_enabled_at: number | null
  disabled_at: number | null
}

interface TokenRow extends Row {
  label: string
  prefix: string
  scopes: string
  patterns: string
  suspended_at: number | null
}

/** @param onFailure called if a use could not be recorded. */
export function createCredentialLookup(connection: Connection, onFailure: (error: unknown) => void): CredentialLookup {
  const recording = new Set<string>()

  return {
    async find(kind, hash) {
      if (kind === 'session') {
        const row = connection.prepare(findSession).get(hash) as Row | undefined
        return row && {kind, ...toStored(row)}
      }
      const row = connection.prepare(findToken).get(hash) as TokenRow | undefined
      if (!row) return undefined
      const scopes = JSON.parse(row.scopes) as Scope[]
      const patterns = JSON.parse(row.patterns) as string[]
      return {
        kind,
        ...toStored(row),
        label: row.label,
        prefix: row.prefix,
        scopes,
        patterns,
        suspendedAt: row.suspended_at,
      }
    },

    recordUse({kind, id, lastUsedAt}, now) {
      const isDue = lastUsedAt === null || (kind === 'token' && now - lastUsedAt >= useInterval)
      if (!isDue || recording.has(id)) return
      recording.add(id)
      connection
        .write(() => connection.prepare(kind === 'session' ? recordSessionUse : recordTokenUse).run(now, id))
        .catch(onFailure)
        .finally(() => recording.delete(id))
    },
  }
}

function toStored(row: Row): Omit<Credential & {kind: 'session'}, 'kind'> {
  return {
    id: row.id,
    owner: {
      id: row.user_id,
      name: row.user_name,
      email: row.email,
      mfaEnabled: row.mfa_enabled_at !== null,
      disabledAt: row.disabled_at,
    },
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}
