/** Identifies a cached tarball. The same bytes from another registry are cached separately. */
export interface TarballKey {
  /** Canonical URL. */
  registry: string
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
}
