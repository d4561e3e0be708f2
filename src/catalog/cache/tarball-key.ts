/** What identifies a cached tarball. The same bytes from another registry are a separate tarball. */
export interface TarballKey {
  /** URL of the registry that it came from. */
  registry: string
  name: string
  version: string
  /** `sha256-` and the base64 of the tarball's digest. */
  integrity: string
}
