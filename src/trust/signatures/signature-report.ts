/** Signature findings that didn't cause the command to fail. */
export interface SignatureReport {
  /** Packages that aren't signed by their author, as `@scope/name@version`. */
  unsigned: string[]
  /** Packages that weren't verified because the frozen lockfile doesn't record a signer, as `@scope/name@version`. */
  unrecorded: string[]
  /** Packages that couldn't be verified because the registry was unreachable, as `@scope/name@version`. */
  unchecked: string[]
  /** Packages whose new version is signed by a different key, without a rotation that links the two keys. */
  changed: SignerChange[]
  /** Packages that you accepted unsigned although the previous version was signed, as `@scope/name@version`. Absent if there are none. */
  downgraded?: string[]
  /** Whether you set the policy `warn`, so unsigned packages cause a warning. Absent by default. */
  warnsUnsigned?: true
}

/** A package whose new version is signed by a different key, without a rotation that links the two keys. */
export interface SignerChange {
  name: string
  version: string
  /** ID of the key that signed the previous version. */
  before: string
  /** ID of the key that signed this version. */
  after: string
}

export const nothingToVerify: SignatureReport = {unsigned: [], unrecorded: [], unchecked: [], changed: []}
