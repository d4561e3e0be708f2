import {scopeOf} from '@apkg/package-format'

export const lockfileName = 'apkg-lock.json'

export interface LockedPackage {
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
  /** Ranges by name. */
  dependencies: Readonly<Record<string, string>>
  /** `unknown` if the registry didn't say. */
  type: string
  /** The ID of the author's key that signed it; absent if it is unsigned or was never verified. */
  signer?: string | undefined
}

/** `apkg-lock.json`, parsed. */
export interface Lockfile {
  /** The URL of the registry that the packages come from; undefined if the original client wrote the file. */
  registry: string | undefined
  /** The URLs of the registries that the packages of other scopes come from, by scope. */
  registries: Readonly<Record<string, string>>
  /** By name, one version of each. */
  packages: ReadonlyMap<string, LockedPackage>
  /** `name@version` of outdated entries that the original client left in the file. They aren't used. */
  leftOver: readonly string[]
}

/** A lockfile with the text that it was read from. */
export interface ReadLockfile {
  lockfile: Lockfile
  text: string
}

/** Where packages come from. */
export interface PackageOrigins {
  /** The selected registry; canonical URL. */
  readonly registry: string
  /** The registry of a package; canonical URL. */
  of(name: string): string
}

/** The URL of the registry that a locked package came from; undefined if the lockfile doesn't say. It is never requested. */
export function lockedRegistryOf({registry, registries}: Lockfile, name: string): string | undefined {
  const scope = scopeOf(name)
  return Object.hasOwn(registries, scope) ? registries[scope] : registry
}
