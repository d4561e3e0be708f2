/** What a check of signatures found that is no reason to stop. */
export interface SignatureReport {
  /** `@scope/name@version` of what its author has not signed. */
  unsigned: string[]
  /** `@scope/name@version` of what a frozen lockfile has no signer of, so that it was not verified. */
  unrecorded: string[]
  /** `@scope/name@version` of what could not be verified, since the registry could not be asked. */
  unchecked: string[]
  changed: SignerChange[]
}

/** A package whose new version is signed by another key than the one before, which did not say so. */
export interface SignerChange {
  name: string
  version: string
  before: string
  after: string
}

export const nothingToVerify: SignatureReport = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
