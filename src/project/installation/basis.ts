import {createHash} from 'node:crypto'

import type {SignaturePolicy} from '../../trust/trust.js'

/** All that decides what is installed. */
export interface BasisOf {
  registry: string
  /** Ranges by name. */
  dependencies: Readonly<Record<string, string>>
  /** The lockfile as it stands in its file; undefined where there is none. */
  lockfile: string | undefined
  /** The user's policy: a stricter one is asked of what is installed already, too. */
  signatures: SignaturePolicy
}

/**
 * A digest of what a project's packages were brought in line with. While it is the same, and the packages are whole,
 * there is nothing to resolve, to parse or to ask a registry.
 */
export function basisOf({registry, dependencies, lockfile, signatures}: BasisOf): string {
  const sorted = Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([registry, sorted, lockfile ?? null, signatures]))
    .digest('hex')
}
