import {effectiveScopes, neverExpiresAt, splitPatterns, type Scope} from '@apkg/wire'
import type {CreatedTokenResponse, TokenSummary} from '@apkg/wire/protocol'

/** An API token, without its value. */
export interface Token {
  /** The token's ID, for `apkg token revoke`. */
  id: string
  label: string
  /** The first few characters of the token's value; null if the registry doesn't report them. */
  prefix: string | null
  /** The token's scopes as requested, such as `read`, `publish:new` or `admin`. Some are specific to the registry. */
  scopes: string[]
  /** Package patterns that the token is limited to, such as `@acme/*`; empty means every package. */
  packages: string[]
  /** @format date-time */
  createdAt: string
  /**
   * When the token got its current value; null if it was never rotated.
   *
   * @format date-time
   */
  rotatedAt: string | null
  /**
   * When the token was last used, accurate to the minute; null if it has never been used.
   *
   * @format date-time
   */
  lastUsedAt: string | null
  /**
   * When the token expires; null if it doesn't.
   *
   * @format date-time
   */
  expiresAt: string | null
  /**
   * When the registry operator suspended the token. Absent if the token isn't suspended.
   *
   * @format date-time
   */
  suspendedAt?: string
}

/** The token to create. */
export interface TokenRequest {
  label: string
  /** Whether a number may be added to the label if it already exists. */
  labelIsProposal: boolean
  scopes: readonly Scope[]
  packages: readonly string[]
  /** In the protocol's format. Undefined (no expiry) if the user didn't set one. */
  expiresIn: string | undefined
}

/** Converts a token from the response of any registry that speaks the protocol. */
export function tokenFromWire(response: TokenSummary | CreatedTokenResponse): Token {
  const suspendedAt = 'suspendedAt' in response ? response.suspendedAt : undefined
  return {
    id: response.id,
    label: response.name,
    prefix: response.prefix ?? null,
    scopes: [...effectiveScopes(response.scopes)],
    packages: packagesFromWire(response),
    createdAt: response.createdAt,
    rotatedAt: response.rotatedAt ?? null,
    lastUsedAt: ('lastUsed' in response ? response.lastUsed : undefined) ?? null,
    expiresAt: expiryFromWire(response),
    ...(suspendedAt && {suspendedAt}),
  }
}

/** If the two fields for packages differ, the token is taken for whatever either of them allows. */
function packagesFromWire({packagePatterns, packageScope}: TokenSummary | CreatedTokenResponse): string[] {
  const joined = packageScope === undefined || packageScope === null ? undefined : splitPatterns(packageScope)
  const lists = [packagePatterns, joined].filter((each) => each !== undefined)
  return lists.some((each) => each.length === 0) ? [] : [...new Set(lists.flat())]
}

/**
 * Our registry has a nullable `expires`, others only `expiresAt`, with a far date for never. If the two differ, the token is
 * taken to live as long as the later one.
 */
function expiryFromWire({expires, expiresIn, expiresAt}: TokenSummary | CreatedTokenResponse): string | null {
  const last = Date.parse(expiresAt) >= Date.parse(neverExpiresAt) ? null : expiresAt
  if (expires === undefined) return expiresIn === 'never' ? null : last
  if (expires === null || last === null) return null
  return Date.parse(last) > Date.parse(expires) ? last : expires
}
