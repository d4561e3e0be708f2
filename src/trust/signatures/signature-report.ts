/** Signature findings that did not stop the command. */
export interface SignatureReport {
  /** Packages that their author did not sign, as `@scope/name@version`. */
  unsigned: string[]
  /** Packages that were not verified because a frozen lockfile does not record their signer, as `@scope/name@version`. */
  unrecorded: string[]
  /** Packages that could not be verified because the registry was not reachable, as `@scope/name@version`. */
  unchecked: string[]
  changed: SignerChange[]
}

/** A package whose new version is signed by another key, without a rotation that links the two keys. */
export interface SignerChange {
  name: string
  version: string
  /** ID of the key that signed the previous version. */
  before: string
  /** ID of the key that signed this version. */
  after: string
}

export const nothingToVerify: SignatureReport = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
