import {createHash} from 'node:crypto'

import type {SignaturePolicy} from '../../trust/trust-store.js'

/** Everything that determines what is installed. */
export interface InstallationInputs {
  registry: string
  /** Ranges by name. */
  dependencies: Readonly<Record<string, string>>
  /** The text of the lockfile; undefined if there is none. */
  lockfile: string | undefined
  /** The user's policy: a stricter one also applies to packages that are already installed. */
  signatures: SignaturePolicy
}

/**
 * A digest of everything that a project's packages were last synced with. While it is unchanged and the packages are
 * intact, there is nothing to resolve, parse or request.
 */
export function inputDigest({registry, dependencies, lockfile, signatures}: InstallationInputs): string {
  const sorted = Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([registry, sorted, lockfile ?? null, signatures]))
    .digest('hex')
}
