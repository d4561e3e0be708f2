import type {JobSource} from '../../account/trusted-publishing/job-source.js'
import {installCommand} from '../../catalog/install-command.js'
import type {SkippedFile} from '../packing/collect-files.js'
import type {PackedFile} from '../packing/pack-project.js'
import type {Publication} from './prepare-publication.js'
import type {Published} from './publish.js'

/** The published version. With `--dry-run`, the version that would be published. */
export interface PublicationResult {
  /** URL of the registry. */
  registry: string
  name: string
  version: string
  /** The dist-tag that points to the version; null if there is none or the registry doesn't report it. */
  tag: string | null
  /** `identical`: the registry already had this version, with the same content. */
  status: Published['status'] | 'dry-run'
  /** Username of the publisher, or the organization that the token belongs to; null if the registry doesn't report it or wasn't contacted. */
  username: string | null
  /** The CI job that published it as a trusted publisher; null if a person did. */
  job: JobSource | null
  /** `sha256-` followed by the base64-encoded digest of the tarball, of the published one if it is `identical`. */
  integrity: string
  /** ID of the key that signed the version; null if it is unsigned or the registry doesn't report it. */
  signer: string | null
  /** The command that adds the version to a project. */
  install: string
  /** URL of the version's page; null if the registry has no pages or doesn't report it. */
  page: string | null
  /** Size of the tarball, in bytes. */
  size: number
  /** Total size of the files, in bytes. */
  unpackedSize: number
  /** Files in the tarball. */
  files: PackedFile[]
  /** Files and directories that are not packed, except those that `.apkgignore` excludes. */
  skipped: SkippedFile[]
}

interface Publisher {
  client: {registry: string}
  username: string | undefined
  job: JobSource | undefined
  flags: {registry?: string | undefined}
}

export function publicationResult(
  {metadata, packed}: Publication,
  published: Pick<Published, 'status' | 'tag' | 'signer' | 'page' | 'serverIntegrity'> | undefined,
  {client: {registry}, username, job, flags}: Publisher,
): PublicationResult {
  const {name, version} = metadata
  const planned = {status: 'dry-run' as const, tag: metadata.tag ?? 'latest', signer: metadata.signature?.keyId}
  const {status, tag = null, signer = null} = published ?? planned
  const integrity = published?.serverIntegrity ?? metadata.integrity
  const spec = tag === null || tag === 'latest' ? name : `${name}@${version}`
  const {tarball, unpackedSize, files, skipped} = packed
  const size = tarball.length
  return {
    registry,
    name,
    version,
    tag,
    status,
    username: username ?? null,
    job: job ?? null,
    integrity,
    signer,
    install: installCommand(spec, flags.registry && registry),
    page: published?.page ?? null,
    size,
    unpackedSize,
    files,
    skipped,
  }
}
