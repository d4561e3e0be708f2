import type {PackedFile} from '../packing/pack-project.js'
import type {Publication} from './prepare-publication.js'
import type {Published} from './publish.js'

/** The `--json` of `publish`. */
export interface PublicationResult {
  registry: string
  name: string
  version: string
  /** The dist-tag that leads to the version, or would; null where none does, or the registry does not say. */
  tag: string | null
  status: Published['status'] | 'dry-run'
  /** Who publishes; null where the registry does not say, or was not asked. */
  username: string | null
  integrity: string
  /** The id of the key that signs it, or would; null where none does, or the registry does not say. */
  signer: string | null
  /** Bytes of the tarball. */
  size: number
  /** Bytes of the files in it. */
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
  const said = {registry, name, version, tag, status, username: username ?? null}
  return {...said, integrity, signer, size, unpackedSize, files}
}
