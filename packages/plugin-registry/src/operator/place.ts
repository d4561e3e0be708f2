import type {Ports} from '@apkg/command-kit'

/** The flags that say where a registry is. Without `database`, it is in a data directory. */
export interface PlaceFlags {
  data?: string | undefined
  /** A `postgres://` URL without a password. */
  database?: string | undefined
  'secret-key-file'?: string | undefined
  /** The bucket for tarballs. Undefined means the data directory. */
  blobs?: string | undefined
}

/** Where a command finds the registry. */
export interface Place {
  flags: PlaceFlags
  /** The version of the registry. */
  version: string
  ports: Pick<Ports, 'env' | 'home' | 'now'>
}
