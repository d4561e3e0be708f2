export const lockfileName = 'apkg-lock.json'

/** A package as a lockfile holds it. */
export interface LockedPackage {
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
  /** Ranges by name. */
  dependencies: Readonly<Record<string, string>>
  /** `unknown` where the registry did not say. */
  type: string
  /** The id of the author's key that signed it; absent where it was not signed, or that is not known. */
  signer?: string | undefined
}

/** `apkg-lock.json`, parsed. */
export interface Lockfile {
  /** The canonical URL of the registry that the packages are from; undefined where the original client wrote the file. */
  registry: string | undefined
  /** By name: one version of each. */
  packages: ReadonlyMap<string, LockedPackage>
  /** Further versions of packages, `name@version`, that the original client left in the file. They are not used. */
  leftOver: readonly string[]
}

/** A lockfile with the text that it was read from. */
export interface ReadLockfile {
  lockfile: Lockfile
  text: string
}
