/** What identifies a cached tarball. The same bytes from another registry are a separate tarball. */
export interface TarballKey {
  /** URL of the registry that the tarball came from. */
  registry: string
  name: string
  version: string
  /** `sha256-` followed by the base64-encoded digest of the tarball. */
  integrity: string
}
