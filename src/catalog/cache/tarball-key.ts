/** What a cached tarball is found by. The same bytes from another registry are another tarball. */
export interface TarballKey {
  /** Canonical URL. */
  registry: string
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
}
