import type {Scope} from '@apkg/wire'

import {all, first, type Port, run, statement, type Step, together} from '../port.js'
import {UseNotRecorded} from '../store-errors.js'
import type {Credential, CredentialLookup, ExpiringToken, Role} from '../store.js'
import {findVisibilityOf, isValid} from './package-authority.js'
import {expires, selectExpiring} from './expiring-tokens.js'
import {LaterUses} from './later-uses.js'
import {retireReplaced} from './token-values.js'
import {parsePolicy} from '../policy.js'
import {policyColumn} from './policy.js'

// These run on every authenticated request, so they are written by hand and prepared once. Everything that a request needs
// to know about the owner comes with them, and the registry's policy.
const owner = `
  u.id AS user_id, u.name AS user_name, u.email, u.mfa_enabled_at, u.disabled_at, u.operator_since,
  (SELECT string_agg(o.name || ':' || m.role, ' ' ORDER BY o.name)
    FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = u.id) AS organizations,
  ${policyColumn}`

const findSession = statement<SessionRow>(`
  SELECT s.id, s.started_at, s.confirmed_at, s.expires_at, s.revoked_at, c.last_used_at, ${owner}
  FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN credential_uses c ON c.credential_id = s.id
  WHERE s.access_hash = ?1`)

const findToken = statement<TokenRow>(`
  SELECT t.id, v.expires_at, t.revoked_at, c.last_used_at, v.id AS value_id, v.created_at AS value_created_at, v.ends_at,
    (SELECT d.created_at FROM token_values d WHERE d.id = v.displaced_by) AS displaced_at,
    t.label, v.prefix, t.scopes, t.patterns, t.restrictions, t.suspended_at, ${owner}
  FROM token_values v JOIN tokens t ON t.id = v.token_id JOIN users u ON u.id = t.user_id
  LEFT JOIN credential_uses c ON c.credential_id = v.id
  WHERE v.hash = ?1`)

const findExpiringOf = statement<ExpiringToken>(
  `${selectExpiring} JOIN sessions s ON s.user_id = t.user_id WHERE s.access_hash = ?1 AND ${expires}`,
)

const recordFirstUse = statement(`
  INSERT INTO credential_uses (credential_id, last_used_at, address, agent, action, package)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (credential_id) DO NOTHING`)

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
  operator_since: number | null
  /** `acme:publisher other:reader`, by name. */
  organizations: string | null
  policy: string | null
}

interface SessionRow extends Row {
  started_at: number
  confirmed_at: number | null
}

interface TokenRow extends Row {
  value_id: string
  value_created_at: number
  ends_at: number | null
  displaced_at: number | null
  label: string
  prefix: string
  scopes: string
  patterns: string
  restrictions: string
  suspended_at: number | null
}

/**
 * @param onFailure called if later uses could not be recorded
 * @returns close: writes the uses that are not recorded yet
 */
export function createCredentialLookup(
  port: Port,
  onFailure: (error: unknown) => void,
): {lookup: CredentialLookup; close: () => Promise<void>} {
  const laterUses = new LaterUses(port, onFailure)

  const lookup: CredentialLookup = {
    async find(kind, hash, expiring) {
      if (kind === 'token' || !expiring) return toCredential(await port.ask(findByHash(kind, hash)))
      const [row, tokens] = await port.ask(
        together([findByHash(kind, hash), all(findExpiringOf(hash, expiring.after, expiring.until))]),
      )
      const session = toCredential(row)
      return session && {...session, expiringTokens: tokens}
    },

    async findFor(name, kind, hash) {
      const [row, found] = await port.ask(together([findByHash(kind, hash), findVisibilityOf(name)]))
      return {credential: toCredential(row), visibility: found?.visibility}
    },

    async recordUse(credential, use, now) {
      if (credential.lastUsedAt !== null) {
        laterUses.add(useIdOf(credential), use, now)
        return 'recorded'
      }
      try {
        return await port.write(function* () {
          if (!(yield* isValid(credential, now))) return 'ended'
          const {address, agent, action, package: name} = use
          const firstUse = recordFirstUse(useIdOf(credential), now, address, agent, action, name)
          yield* together([run(firstUse), ...retirePredecessor(credential, now)])
          return 'recorded'
        })
      } catch (error) {
        throw new UseNotRecorded('the first use of a credential could not be recorded', {cause: error})
      }
    },
  }
  return {lookup, close: () => laterUses.close()}
}

function findByHash(kind: Credential['kind'], hash: Uint8Array): Step<SessionRow | TokenRow | undefined> {
  return first<SessionRow | TokenRow>(kind === 'session' ? findSession(hash) : findToken(hash))
}

/** The uses of a token are those of its values. */
function useIdOf(credential: Credential): string {
  return credential.kind === 'token' ? credential.valueId : credential.id
}

/** The first use of a new value sets the end of the one that it replaces. */
function retirePredecessor(credential: Credential, now: number): Step<number>[] {
  return credential.kind === 'token' ? [retireReplaced(credential.valueId, now)] : []
}

function toCredential(row: SessionRow | TokenRow | undefined): Credential | undefined {
  if (!row) return undefined
  if (!('scopes' in row)) {
    const authenticatedAt = Math.max(row.started_at, row.confirmed_at ?? 0)
    return {kind: 'session', ...toStored(row), authenticatedAt}
  }
  const retiresAt = earliest(row.ends_at, row.displaced_at)
  return {
    kind: 'token',
    ...toStored(row),
    valueId: row.value_id,
    expiresAt: earliest(row.expires_at, retiresAt),
    retiresAt,
    label: row.label,
    prefix: row.prefix,
    createdAt: row.value_created_at,
    scopes: JSON.parse(row.scopes) as Scope[],
    patterns: JSON.parse(row.patterns) as string[],
    restrictions: JSON.parse(row.restrictions) as string[],
    suspendedAt: row.suspended_at,
  }
}

function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

function toStored(row: Row): Omit<Credential & {kind: 'session'}, 'kind' | 'authenticatedAt'> {
  return {
    id: row.id,
    policy: parsePolicy(row.policy),
    owner: {
      id: row.user_id,
      name: row.user_name,
      email: row.email,
      mfaEnabled: row.mfa_enabled_at !== null,
      disabledAt: row.disabled_at,
      isOperator: row.operator_since !== null,
      organizations: toOrganizations(row.organizations),
    },
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}

function toOrganizations(list: string | null): {name: string; role: Role}[] {
  if (list === null) return []
  return list.split(' ').map((entry) => {
    const [name = '', role] = entry.split(':')
    return {name, role: role as Role}
  })
}
