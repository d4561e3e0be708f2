import {createHash} from 'node:crypto'

import type {RegistryByScope} from '../../trust/routes.js'
import type {SignaturePolicy} from '../../trust/trust-store.js'

/** Everything that determines what is installed. */
export interface InstallationInputs {
  registry: string
  /** The routes that don't lead to that registry. */
  elsewhere: RegistryByScope
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
export function inputDigest({registry, elsewhere, dependencies, lockfile, signatures}: InstallationInputs): string {
  const sorted = Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1))
  // Without routes, it is the digest that earlier versions stored.
  const routed = Object.keys(elsewhere).length > 0 ? [elsewhere] : []
  return createHash('sha256')
    .update(JSON.stringify([registry, sorted, lockfile ?? null, signatures, ...routed]))
    .digest('hex')
}
