/**
 * `modified`: you changed it. `unmanaged`: apkg did not create it, or has no record of whether it did.
 * `obstructed`: it is a link, or a file where a directory belongs. `conflict`: another package provides it. `package`: the
 * installed package was modified. `malformed`: its content can't be updated. `denied`, `read-only`, `full`, `failed`: the system refused.
 */
export type LeftKind =
  | 'modified'
  | 'unmanaged'
  | 'obstructed'
  | 'conflict'
  | 'package'
  | 'malformed'
  | 'denied'
  | 'read-only'
  | 'full'
  | 'failed'

/** A file that was kept instead of being written or removed. */
export interface LeftFile {
  /** Path within the project. */
  path: string
  /** The package that the file belongs to. */
  package: string
  /** Why it was kept, such as "modified locally". */
  reason: string
  kind: LeftKind
  /** Whether the package no longer has the file, which would otherwise have been removed. */
  isOrphan: boolean
}

/**
 * Whether a file could not be written or removed as it should be. Files that the user modified, and unmanaged files
 * that no package needs, are left alone on purpose.
 */
export function isRefused({kind, isOrphan}: LeftFile): boolean {
  return kind !== 'modified' && !(kind === 'unmanaged' && isOrphan)
}
