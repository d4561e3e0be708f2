import type {Scope} from '@apkg/wire'

import {all, first, type Port, run, statement, type Step, together} from '../port.js'
import {UseNotRecorded} from '../store-errors.js'
import type {Credential, CredentialLookup, ExchangedToken, ExpiringToken, Role, UserCredential} from '../store.js'
import {findGateOf, isValid, toGate} from './package-authority.js'
import {expires, selectExpiring} from './expiring-tokens.js'
import {LaterUses} from './later-uses.js'
import {parseSuspensions, suspensionsOf} from './suspensions.js'
import {earliest, retireReplaced} from './token-values.js'
import {exchangedScopes} from '../exchanged-scopes.js'
import type {PublisherOrigin} from '../publisher-origin.js'
import {publisherName} from '../publisher-project.js'
import {assertOpenPolicy} from '../move-mark.js'
import {parsePolicy} from '../policy.js'
import {webExpiry} from '../session-lifetimes.js'
import {policyColumn} from './policy.js'
import {parseColumns, type RestrictionColumns} from '../token-restrictions.js'

// These run on every authenticated request, so they are handwritten and prepared once. They also return everything that
// a request needs to know about the owner, and the registry's policy.
const owner = `
  u.id AS user_id, u.name AS user_name, u.email, u.mfa_enabled_at, u.disabled_at, u.operator_since,
  (SELECT string_agg(o.name || ':' || m.role || ':' || o.id, ' ' ORDER BY o.name)
    FROM members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = u.id) AS organizations,
  ${policyColumn}`

const findSession = statement<SessionRow>(
  `
  SELECT s.id, s.kind, s.started_at, s.authenticated_at, s.confirmed_at, s.expires_at, s.refresh_expires_at,
    s.revoked_at, s.replaced_at, c.last_used_at, ${owner}
  FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN credential_uses c ON c.credential_id = s.id
  WHERE s.access_hash = ?1`,
  {isCacheable: true},
)

const findToken = statement<TokenRow>(
  `
  SELECT t.id, v.expires_at, t.revoked_at, v.id AS value_id, t.value_id AS newest_id, v.created_at AS value_created_at, v.ends_at,
    CASE WHEN c.only_elsewhere = 0 THEN c.last_used_at END AS last_used_at,
    (SELECT d.created_at FROM token_values d WHERE d.id = v.displaced_by) AS displaced_at,
    t.label, v.prefix, t.scopes, t.patterns, t.restrictions, t.addresses, t.uses, t.uses_left, t.release,
    t.organization_id, h.name AS organization_name,
    ${suspensionsOf('t')} AS suspensions, ${owner}
  FROM token_values v JOIN tokens t ON t.id = v.token_id JOIN users u ON u.id = t.user_id
  LEFT JOIN organizations h ON h.id = t.organization_id
  LEFT JOIN credential_uses c ON c.credential_id = v.id
  WHERE v.hash = ?1`,
  {isCacheable: true},
)

const findExchanged = statement<ExchangedRow>(
  `
  SELECT e.id, e.prefix, e.created_at, e.expires_at, e.origin, c.last_used_at,
    p.id AS publisher_id, p.scope, p.package, p.provider, p.claims, p.created_by,
    n.trusted_publishing_since AS since, u.disabled_at,
    CASE WHEN e.ended_at IS NULL THEN coalesce(p.removed_at, p.suspended_at, u.removed_at) ELSE e.ended_at END AS revoked_at,
    ${policyColumn}
  FROM exchanged_tokens e JOIN trusted_publishers p ON p.id = e.publisher_id JOIN names n ON n.name = p.scope
  LEFT JOIN users u ON u.name = p.scope LEFT JOIN credential_uses c ON c.credential_id = e.id
  WHERE e.hash = ?1`,
  {isCacheable: true},
)

const findExpiringOf = statement<ExpiringToken>(
  `${selectExpiring} JOIN sessions s ON s.user_id = t.user_id WHERE s.access_hash = ?1 AND ${expires}`,
)

const recordFirstUse = statement(`
  INSERT INTO credential_uses (credential_id, last_used_at, address, agent, action, package, refused)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (credential_id) DO UPDATE
  SET last_used_at = ?2, address = ?3, agent = ?4, action = ?5, package = ?6, refused = ?7, only_elsewhere = 0
  WHERE credential_uses.only_elsewhere = 1`)

interface StoredRow {
  id: string
  expires_at: number | null
  revoked_at: number | null
  last_used_at: number | null
  policy: string | null
}

interface Row extends StoredRow {
  user_id: string
  user_name: string
  email: string
  mfa_enabled_at: number | null
  disabled_at: number | null
  operator_since: number | null
  /** The organizations of the owner by name, with roles and IDs, such as `acme:publisher:<id> other:reader:<id>`. */
  organizations: string | null
}

interface SessionRow extends Row {
  kind: 'web' | null
  started_at: number
  authenticated_at: number | null
  confirmed_at: number | null
  expires_at: number
  refresh_expires_at: number
  replaced_at: number | null
}

interface TokenRow extends Row, RestrictionColumns {
  value_id: string
  newest_id: string
  value_created_at: number
  ends_at: number | null
  displaced_at: number | null
  label: string
  prefix: string
  scopes: string
  patterns: string
  suspensions: string | null
  organization_name: string | null
}

interface ExchangedRow extends StoredRow {
  prefix: string
  created_at: number
  origin: string
  publisher_id: string
  scope: string
  package: string
  provider: 'github' | 'gitlab' | 'oidc'
  claims: string
  created_by: string
  /** When trusted publishing became required in the scope. */
  since: number | null
  /** When the user that the scope is named after was disabled. */
  disabled_at: number | null
}

/**
 * @param onFailure called if later uses could not be recorded
 * @returns `close` writes the uses that aren't recorded yet
 */
export function createCredentialLookup(
  port: Port,
  onFailure: (error: unknown) => void,
): {lookup: CredentialLookup; close: () => Promise<void>} {
  const laterUses = new LaterUses(port, onFailure)

  /** Looked up only if no API token has the value, so that requests with API tokens don't need another query. */
  const findExchangedToken = async (hash: Uint8Array) => {
    const row = await port.ask(first(findExchanged(hash)))
    return row && toExchanged(row)
  }

  const lookup: CredentialLookup = {
    async find(kind, hash, expiring) {
      if (kind === 'token') return toCredential(await port.ask(findByHash(kind, hash))) ?? findExchangedToken(hash)
      if (!expiring) return toCredential(await port.ask(findByHash(kind, hash)))
      const [row, tokens] = await port.ask(
        together([findByHash(kind, hash), all(findExpiringOf(hash, expiring.after, expiring.until))]),
      )
      const session = toCredential(row)
      return session?.kind === 'session' ? {...session, expiringTokens: tokens} : undefined
    },

    async findFor(name, kind, hash) {
      const [row, gate] = await port.ask(together([findByHash(kind, hash), findGateOf(name)]))
      const credential = toCredential(row) ?? (kind === 'token' ? await findExchangedToken(hash) : undefined)
      return {credential, gate: toGate(gate)}
    },

    async recordUse(credential, use, now) {
      if (credential.lastUsedAt !== null) {
        laterUses.add(useIdOf(credential), use, now)
        return 'recorded'
      }
      try {
        return await port.write(function* () {
          if (!(yield* isValid(credential, now))) return 'ended'
          const {address, agent, action, package: name, refused} = use
          const firstUse = recordFirstUse(useIdOf(credential), now, address, agent, action, name, Number(refused))
          yield* together([run(firstUse), ...retirePredecessor(credential, now)])
          return 'recorded'
        })
      } catch (error) {
        throw new UseNotRecorded('the first use of a credential could not be recorded', {cause: error})
      }
    },

    recordRefusal(credential, use, isElsewhere, now) {
      laterUses.add(useIdOf(credential), {...use, refused: true}, now, {isElsewhere})
    },
  }
  return {lookup, close: () => laterUses.close()}
}

function findByHash(kind: UserCredential['kind'], hash: Uint8Array): Step<SessionRow | TokenRow | undefined> {
  return first<SessionRow | TokenRow>(kind === 'session' ? findSession(hash) : findToken(hash))
}

/** The ID that uses are recorded under. For a token, it is that of the value. */
function useIdOf(credential: Credential): string {
  return credential.kind === 'token' ? credential.valueId : credential.id
}

/** The first use of a new value starts the grace period of the value that it replaces. */
function retirePredecessor(credential: Credential, now: number): Step<number>[] {
  return credential.kind === 'token' ? [retireReplaced(credential.valueId, now)] : []
}

function toCredential(row: SessionRow | TokenRow | undefined): UserCredential | undefined {
  if (!row) return undefined
  if (!('scopes' in row)) {
    const authenticatedAt = Math.max(row.authenticated_at ?? row.started_at, row.confirmed_at ?? 0)
    const times = {authenticatedAt, sessionExpiresAt: row.refresh_expires_at, replacedAt: row.replaced_at}
    const session = {...toStored(row), owner: toOwner(row), ...times}
    if (row.kind !== 'web') return {kind: 'session', isWeb: false, ...session}
    const expiresAt = webExpiry(row.expires_at, row.last_used_at ?? authenticatedAt)
    return {kind: 'session', isWeb: true, ...session, expiresAt}
  }
  const retiresAt = earliest(row.ends_at, row.displaced_at)
  const restrictions = parseColumns(row)
  const {organization} = restrictions
  return {
    kind: 'token',
    ...toStored(row),
    owner: organization ? toHolder(organization) : toOwner(row),
    creator: {id: row.user_id, name: row.user_name},
    valueId: row.value_id,
    isReplaced: row.value_id !== row.newest_id,
    expiresAt: earliest(row.expires_at, retiresAt),
    retiresAt,
    label: row.label,
    prefix: row.prefix,
    createdAt: row.value_created_at,
    scopes: JSON.parse(row.scopes) as Scope[],
    patterns: JSON.parse(row.patterns) as string[],
    ...restrictions,
    suspensions: parseSuspensions(row.suspensions),
  }
}

function toExchanged(row: ExchangedRow): ExchangedToken {
  const {provider, scope} = row
  const claims = JSON.parse(row.claims) as Record<string, string>
  return {
    kind: 'exchanged',
    ...toStored(row),
    publisher: {
      ...{id: row.publisher_id, name: publisherName({provider, claims}), package: row.package, scope},
      createdBy: row.created_by,
    },
    origin: JSON.parse(row.origin) as PublisherOrigin,
    prefix: row.prefix,
    createdAt: row.created_at,
    scopes: exchangedScopes({package: row.package, isRequired: row.since !== null}),
    patterns: [row.package],
    disabledAt: row.disabled_at,
  }
}

function toOwner(row: Row): UserCredential['owner'] {
  return {
    kind: 'user',
    id: row.user_id,
    name: row.user_name,
    email: row.email,
    mfaEnabled: row.mfa_enabled_at !== null,
    disabledAt: row.disabled_at,
    isOperator: row.operator_since !== null,
    organizations: toOrganizations(row.organizations),
  }
}

/** What the token can do doesn't depend on the user who created it, who may have been removed. */
function toHolder({id, name}: {id: string; name: string}): UserCredential['owner'] {
  const user = {email: '', mfaEnabled: false, disabledAt: null, isOperator: false, organizations: []}
  return {kind: 'organization', id, name, ...user}
}

/** @throws {RegistryMoved} */
function toStored(row: StoredRow) {
  assertOpenPolicy(row.policy)
  return {
    id: row.id,
    policy: parsePolicy(row.policy),
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}

function toOrganizations(list: string | null): UserCredential['owner']['organizations'] {
  if (list === null) return []
  return list.split(' ').map((entry) => {
    const [name = '', role, id = ''] = entry.split(':')
    return {id, name, role: role as Role}
  })
}
