/** What the registry said about the packages of a project, when apkg asked which of them were taken down. */
export interface StatusReport {
  /**
   * `checked`: the registry was asked. `unchecked`: it could not be reached, or doesn't support the check. `unneeded`: there
   * are no packages.
   */
  state: 'checked' | 'unchecked' | 'unneeded'
  /** Packages that have been taken down since they were installed. */
  takenDown: TakenDownPackage[]
  /** Packages that are signed with a key that was revoked as compromised. */
  compromised: CompromisedPackage[]
  /** Packages that the registry does not have, or that the credential cannot read, as `@scope/name@version`. */
  unknown: string[]
}

/** A package that the registry took down. */
export interface TakenDownPackage {
  /** `@scope/name@version`. */
  version: string
  /** The registry's reason. */
  reason: string
}

/** A package that is signed with a compromised key. */
export interface CompromisedPackage {
  /** `@scope/name@version`. */
  version: string
  /** ID of the key. */
  keyId: string
  /** When the key was revoked, according to the registry. */
  revokedAt: string | null
}

export const nothingToCheck: StatusReport = {state: 'unneeded', takenDown: [], compromised: [], unknown: []}
