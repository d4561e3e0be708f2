import {changingRights, maxAddressRanges, maxUses, rightsOf, type Scope} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {Restrictions} from '../../account/restrictions.js'
import {parseAddressRange} from './address-range-flag.js'

/** The flags that restrict a new token further than scopes and packages do. */
export const restrictionFlags = {
  ip: addressesFlag({
    summary: 'Limit the token to an address, or to a range such as 203.0.113.0/24. Repeatable.',
    description: 'The address is the one that the registry sees. By default, the token can be used from any address.',
    helpGroup: 'ACCESS',
  }),
  cidr: addressesFlag({summary: 'The same as --ip.', hidden: true}),
  uses: Flags.integer({
    summary: 'Limit how many changes the token can make: versions published, dist-tags set or removed, deprecations.',
    description: "Publishing the same bytes again doesn't count. When no uses are left, the token is spent.",
    helpValue: '<number>',
    helpGroup: 'LIFETIME',
    min: 1,
    max: maxUses,
  }),
}

function addressesFlag(text: {summary: string; description?: string; helpGroup?: string; hidden?: boolean}) {
  return Flags.string({
    ...text,
    helpValue: '<CIDR>',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (range) => Promise.resolve(parseAddressRange(range)),
  })
}

interface RestrictionInput {
  ip?: string[] | undefined
  cidr?: string[] | undefined
  uses?: number | undefined
}

/**
 * The restrictions that the flags ask for.
 *
 * @throws {ApkgError} `USAGE` for too many ranges, and for a number of changes without a scope that allows any.
 */
export function restrictionsOf(
  {ip = [], cidr = [], uses}: RestrictionInput,
  scopes: readonly Scope[],
): Omit<Restrictions, 'release'> {
  const addresses = [...new Set([...ip, ...cidr])]
  if (addresses.length > maxAddressRanges) {
    throw failure('USAGE', {
      message: `A token can have at most ${maxAddressRanges} address ranges`,
      suggestions: ['use a range that covers several of them'],
    })
  }
  if (uses !== undefined && !changingRights.some((right) => rightsOf(scopes).has(right))) {
    throw failure('USAGE', {
      message: '--uses requires a scope that allows changing packages',
      suggestions: ['add a scope such as publish:update, or remove --uses'],
    })
  }
  return {addresses: addresses.length > 0 ? addresses : null, uses: uses ?? null, usesLeft: uses ?? null}
}
