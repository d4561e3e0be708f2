import type {PublishMetadata} from '@apkg/wire/protocol'

import type {AuthorKey} from './key-store.js'
import type {Role} from './organization-store.js'
import type {Actor} from './actor.js'
import type {Credential} from './credential.js'

export type Visibility = 'public' | 'private'

/** How somebody stands to a package, or to the scope that it would be in. */
export interface Standing {
  /** Undefined where there is no such package. */
  visibility: Visibility | undefined
  /** `owner`: the scope is the user's own name. Undefined for everybody else, and for those who are nobody. */
  role: 'owner' | Role | undefined
}

export interface Maintainer {
  username: string
  role: 'owner' | 'publisher'
}

/** What the answer about a package depends on beside its rows of versions, read on its own to tell whether it is new. */
export interface PackageState {
  name: string
  visibility: Visibility
  /** Grows with each change of the package, its versions and its tags. */
  revision: number
  /** When the last of these changes was made. */
  updatedAt: number
  /** Who may publish, by name. */
  maintainers: Maintainer[]
  /** The keys that versions are signed with, and those that they were rotated to. */
  signers: AuthorKey[]
  /** The id of the registry's active key; undefined before it has one. */
  signingKey: string | undefined
}

/** One version that was not taken down. */
export interface PublishedVersion {
  version: string
  type: string
  /** Hex. */
  sha256: string
  /** Bytes of the tarball. */
  size: number
  /** Bytes of the files in it. */
  unpackedSize: number
  fileCount: number
  description: string | null
  license: string | null
  keywords: string[] | null
  repository: string | null
  homepage: string | null
  /** Ranges by name. */
  dependencies: Record<string, string> | null
  origin: string | null
  targets: string[] | null
  publishedAt: number
  /** The name of a user, who may have been removed since. */
  publishedBy: string
  deprecated: string | null
  /** The author's signature; null where it was published without one. */
  signature: VersionSignature | null
  /** The registry's, those of the newest key first. */
  attestations: RegistrySignature[]
}

/** A signature by an author's key over the author's statement. */
export interface VersionSignature {
  keyId: string
  /** base64. */
  signature: string
  /** The address in the statement, whatever the registry's is now; null where it was not kept, which once it was not. */
  registry: string | null
}

/** What one of the registry's keys has signed of a version. */
export interface RegistrySignature {
  keyId: string
  /** Over the integrity alone; base64. */
  overIntegrity: string
  /** Over the registry's statement; null where only another key has signed that. */
  attestation: string | null
}

export interface PackageRecord extends PackageState {
  createdAt: number
  deprecated: string | null
  /** Of the version that `latest` names. */
  readme: string | null
  distTags: Record<string, string>
  /** In the order of their publication. */
  versions: PublishedVersion[]
}

/** What is known of one version, for those who want its tarball. */
export interface VersionState {
  visibility: Visibility
  /** Hex. */
  sha256: string
  /** Bytes of the tarball. */
  size: number
  publishedAt: number
  /** Undefined for a version that can be had. */
  takenDown: {at: number; reason: string} | undefined
}

/** A version that is about to be published: what was said of it, checked, and what its tarball was found to be. */
export interface VersionDraft extends Omit<PublishMetadata, 'integrity' | 'signature'> {
  /** Hex. The bytes have to be in the blob store already. */
  sha256: string
  size: number
  unpackedSize: number
  fileCount: number
  signature?: VersionSignature | undefined
}

/**
 * Why a change is refused that its credential was good for when the request began: it was revoked, suspended or ran out,
 * or its owner was disabled (`credential-ended`); it or its owner may not change this package (any more) (`forbidden`).
 */
export type Denial = 'credential-ended' | 'forbidden'

/** A version that is there after it was published. */
export interface PublishedState {
  publishedAt: number
  /** The dist-tag that names it now: the wanted one, else `latest`; undefined where none was set. */
  tag: string | undefined
  /** The id of the key that it is signed with; null where it is not signed. */
  signer: string | null
}

export type Publication =
  | ({outcome: 'published'} & PublishedState)
  /** The version was there, with the same bytes. Only the wanted dist-tag was set, and leads to it now. */
  | ({outcome: 'identical'} & PublishedState)
  /**
   * `exists`: with other bytes. `retired`: the number is that of a version that was taken down. `visibility-fixed`: the
   * package has another visibility. `signer-unknown`: it is signed by no active key of the publisher.
   */
  | {outcome: 'exists' | 'retired' | 'visibility-fixed' | 'signer-unknown' | Denial}

export type TakeDown =
  /** `moved` and `removed`: the dist-tags that named the version, and what they name now. */
  | {outcome: 'taken-down'; moved: {tag: string; version: string}[]; removed: string[]}
  | {outcome: 'taken-down-before'; reason: string}
  | {outcome: 'package-unknown' | 'version-unknown'}

export interface SearchWish {
  /** Words that a package has to have, the last as the beginning of one; blank for every package, the newest first. */
  text: string
  limit: number
  offset: number
}

/** Whose private packages a search may show: those of a user's scopes, as far as the patterns of a token cover them. */
export interface SearchReader {
  userId: string
  /** Empty: every package. */
  patterns: readonly string[]
}

export interface SearchHit {
  name: string
  /** What `latest` names. */
  version: string
  type: string
  description: string | null
  keywords: string[] | null
  origin: string | null
  targets: string[] | null
  /** The name of the user who published that version. */
  publisher: string
  /** The package's deprecation, else that of the version. */
  deprecated: string | null
}

/**
 * Packages and their versions.
 *
 * A version is written once and its row stays for ever. Names are those of valid packages. What changes a package checks
 * in its own transaction that the credential still may.
 */
export interface PackageStore {
  /** All that is needed to decide what somebody may do. @param userId undefined for strangers. */
  standing(name: string, userId: string | undefined): Promise<Standing>
  state(name: string): Promise<PackageState | undefined>
  /** Everything about a package, as of one moment. */
  find(name: string): Promise<PackageRecord | undefined>
  /** Undefined where there is no such package or version; one that was taken down is there. */
  version(name: string, version: string): Promise<VersionState | undefined>
  /** The in-toto statement that a version was published with. */
  provenance(name: string, version: string): Promise<object | undefined>
  /** @returns total: how many were found; the search ends at a thousand. */
  search(wish: SearchWish, reader: SearchReader | undefined): Promise<{total: number; hits: SearchHit[]}>

  /**
   * Sets the wanted dist-tag. Where none is wanted: `latest`, unless that names a version as high already or this one is a
   * prerelease. The first version of a package is its `latest` in any case.
   */
  publish(draft: VersionDraft, credential: Credential, by: Actor, now: number): Promise<Publication>
  /** Of the whole package where no version is named. @param deprecation.message null takes it back. */
  deprecate(
    deprecation: {name: string; version?: string; message: string | null},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'done' | 'package-unknown' | 'version-unknown' | 'taken-down' | Denial>
  setTag(
    tag: {name: string; tag: string; version: string},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'set' | 'package-unknown' | 'version-unknown' | 'retired' | Denial>
  removeTag(
    tag: {name: string; tag: string},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'removed' | 'package-unknown' | 'tag-unknown' | Denial>
  /**
   * For the operator. `latest` moves to the highest version that is left, a stable one where there is one; other dist-tags
   * of the version go.
   */
  takeDown(version: {name: string; version: string; reason: string}, by: Actor, now: number): Promise<TakeDown>

  /** Whether a version that was not taken down has these bytes. @param sha256 hex. */
  isReferenced(sha256: string): Promise<boolean>
  /** The bytes of all versions that were not taken down, each once, in the order of their hashes. */
  referencedBlobs(): Promise<{sha256: string; size: number}[]>
}
