/** The restrictions of a token, in addition to scopes, packages and expiry. Null means unrestricted. */
export interface TokenRestrictions {
  /** The only ranges of addresses that the token can be used from, in canonical form. */
  addresses: string[] | null
  /** How many changes to packages the token can make, and how many of them are left. */
  uses: {total: number; left: number} | null
  /**
   * The only version of its package that the token can publish, the SHA-256 of its tarball in hex, and its dist-tag. Such a
   * token changes nothing else.
   */
  release: {version: string; sha256: string; tag: string} | null
  /** The organization that the token belongs to, instead of the user who created it. */
  organization: {id: string; name: string} | null
}

/**
 * The restrictions that this version enforces. A token's row lists its restrictions by name, so that a process of an
 * older version refuses a token that it can't restrict.
 */
const enforcedRestrictions: Record<keyof TokenRestrictions, true> = {
  addresses: true,
  uses: true,
  release: true,
  organization: true,
}

/** Returns the restrictions in a list that this version can't enforce. */
export function unenforceable(restrictions: readonly string[]): string[] {
  return restrictions.filter((name) => !Object.hasOwn(enforcedRestrictions, name))
}

/** The columns of a token's row. */
export interface RestrictionColumns {
  restrictions: string
  addresses: string | null
  uses: number | null
  uses_left: number | null
  release: string | null
  organization_id: string | null
}

export function toColumns({addresses, uses, release, organization}: TokenRestrictions): RestrictionColumns {
  const names = Object.entries({addresses, uses, release, organization}).flatMap(([name, value]) =>
    value === null ? [] : [name],
  )
  return {
    restrictions: JSON.stringify(names),
    addresses: addresses && JSON.stringify(addresses),
    uses: uses && uses.total,
    uses_left: uses && uses.left,
    release: release && JSON.stringify(release),
    organization_id: organization && organization.id,
  }
}

const noRelease = {version: '', sha256: '', tag: ''}

/** If a restriction is listed but has no value, the token allows nothing. */
export function parseColumns(
  row: RestrictionColumns & {organization_name: string | null},
): TokenRestrictions & {restrictions: string[]} {
  // The row isn't destructured with a rest: copying all columns of a row of the database takes as long as finding it.
  const {addresses, uses, uses_left: left, release, organization_id: id, organization_name: name} = row
  const names = row.restrictions === '[]' ? [] : (JSON.parse(row.restrictions) as string[])
  const ranges = addresses === null ? null : (JSON.parse(addresses) as string[])
  const isOfOrganization = names.includes('organization') || id !== null
  const isCounted = names.includes('uses') || left !== null
  return {
    restrictions: names,
    addresses: ranges ?? (names.includes('addresses') ? [] : null),
    uses: isCounted ? {total: uses ?? 0, left: left ?? 0} : null,
    release: release === null ? (names.includes('release') ? noRelease : null) : parseRelease(release),
    organization: isOfOrganization ? {id: id ?? '', name: name ?? ''} : null,
  }
}

function parseRelease(text: string): TokenRestrictions['release'] {
  return JSON.parse(text) as NonNullable<TokenRestrictions['release']>
}
