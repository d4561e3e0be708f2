import type {PackedFile} from '../packing/pack-project.js'
import type {Publication} from './prepare-publication.js'
import type {Published} from './publish.js'

/** The published version, or with `--dry-run` the version that would be published. */
export interface PublicationResult {
  /** URL of the registry. */
  registry: string
  name: string
  version: string
  /** The dist-tag that points to the version; null if there is none, or the registry does not report it. */
  tag: string | null
  /** `identical` if the registry already had the version with the same bytes. */
  status: Published['status'] | 'dry-run'
  /** The user who publishes; null if the registry does not report it, or was not asked. */
  username: string | null
  /** `sha256-` and the base64 of the tarball's digest. */
  integrity: string
  /** ID of the key that signs the version; null if it is not signed, or the registry does not report it. */
  signer: string | null
  /** Size of the tarball, in bytes. */
  size: number
  /** Total size of the files, in bytes. */
  unpackedSize: number
  files: PackedFile[]
}

export function publicationResult(
  {metadata, packed}: Publication,
  published: Pick<Published, 'status' | 'tag' | 'signer'> | undefined,
  {registry, username}: {registry: string; username: string | undefined},
): PublicationResult {
  const {name, version, integrity} = metadata
  const planned = {status: 'dry-run' as const, tag: metadata.tag ?? 'latest', signer: metadata.signature?.keyId}
  const {status, tag = null, signer = null} = published ?? planned
  const {tarball, unpackedSize, files} = packed
  const size = tarball.length
  return {
    registry,
    name,
    version,
    tag,
    status,
    username: username ?? null,
    integrity,
    signer,
    size,
    unpackedSize,
    files,
  }
}
