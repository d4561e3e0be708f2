import {isOrganizationName} from '@apkg/wire'

/** The limits of a token, in addition to its scopes, packages and expiry. */
export interface Restrictions {
  /**
   * Ranges of addresses that the token can only be used from, such as `203.0.113.0/24`; null if any address is allowed.
   */
  addresses: string[] | null
  /** How many changes to packages the token can make; null if their number isn't limited. */
  uses: number | null
  /** How many of these changes are left; null if their number isn't limited. */
  usesLeft: number | null
  /** The only version of its package that the token can publish; null if it isn't limited to one. */
  release: Release | null
}

/** What a token for one release publishes. */
export interface Release {
  version: string
  /** `sha256-` followed by the base64-encoded digest of the tarball. */
  integrity: string
  /** The dist-tag. */
  tag: string
}

/**
 * Reads the restrictions in a response. Invalid ones are treated as no restriction, so that a new token with them is
 * revoked.
 */
export function restrictionsFromWire({
  addresses,
  uses,
  usesLeft,
  release,
}: {[Name in keyof Restrictions]?: unknown}): Restrictions {
  const isCounted = isCount(uses) && isCount(usesLeft)
  return {
    addresses: isTextList(addresses) && addresses.length > 0 ? addresses : null,
    release: isRelease(release) ? {version: release.version, integrity: release.integrity, tag: release.tag} : null,
    ...(isCounted ? {uses, usesLeft} : {uses: null, usesLeft: null}),
  }
}

/**
 * Reads the organization that a token belongs to; null if it belongs to a user. An invalid name equals neither, so that a
 * new token with it is revoked and an existing one is never selected.
 */
export function organizationFromWire(name: unknown): string | null {
  if (name === undefined || name === null) return null
  return typeof name === 'string' && isOrganizationName(name) ? name : '(invalid)'
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isRelease(value: unknown): value is Release {
  if (typeof value !== 'object' || value === null) return false
  const {version, integrity, tag} = value as Partial<Record<keyof Release, unknown>>
  return isTextList([version, integrity, tag])
}
