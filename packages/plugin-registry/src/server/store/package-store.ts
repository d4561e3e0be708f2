import type {Right} from '@apkg/wire'
import type {PublishMetadata} from '@apkg/wire/protocol'

import type {Actor} from './actor.js'
import type {Credential} from './credential.js'
import type {AuthorKey} from './key-store.js'
import type {PublisherOrigin} from './publisher-origin.js'
import type {Role} from './organization-store.js'

export type Visibility = 'public' | 'private'

/** A user's access to a package, or to its scope if the package doesn't exist. */
export interface PackageAccess {
  /** Undefined if the package doesn't exist. */
  visibility: Visibility | undefined
  /** `owner` if the scope is the user's name. Undefined for users without a role, and without a user. */
  role: 'owner' | Role | undefined
  /** Whether only trusted publishers can change it. */
  requiresTrustedPublisher: boolean
}

/** What determines access to a package, independent of the user. */
export type PackageGate = Omit<PackageAccess, 'role'>

export interface Maintainer {
  username: string
  role: 'owner' | 'publisher'
}

/** What a response about a package depends on, except its versions. Read separately to compute an ETag. */
export interface PackageState {
  name: string
  visibility: Visibility
  /** Incremented with each change of the package, its versions and its tags. */
  revision: number
  /** When the last change was made. */
  updatedAt: number
  /** Differs after a restore. Null if the registry was never restored. */
  epoch: string | null
  /** The users who can publish, by name. */
  maintainers: Maintainer[]
  /** The keys that signed versions, and the keys that those were rotated to. */
  signers: AuthorKey[]
  /** The ID of the registry's active key, if it has one. */
  signingKey: string | undefined
}

/** A version that was not taken down. */
export interface PublishedVersion {
  version: string
  type: string
  /** Hex. */
  sha256: string
  /** Size of the tarball, in bytes. */
  size: number
  /** Total size of the files in the tarball, in bytes. */
  unpackedSize: number
  fileCount: number
  description: string | null
  license: string | null
  keywords: string[] | null
  repository: string | null
  homepage: string | null
  /** Version ranges by package name. */
  dependencies: Record<string, string> | null
  origin: string | null
  targets: string[] | null
  publishedAt: number
  /** The name of a user, who may have been removed, or of a trusted publisher. */
  publishedBy: string
  /** The CI job that published it. Null if a user did. */
  trustedPublisher: PublisherOrigin | null
  deprecated: string | null
  isYanked: boolean
  /** The author's signature; null if unsigned. */
  signature: VersionSignature | null
  /** The registry's signatures, newest key first. */
  attestations: RegistrySignature[]
}

/** An author's signature over the author's statement. */
export interface VersionSignature {
  keyId: string
  /** base64. */
  signature: string
  /**
   * The URL of the registry in the statement, which may have changed. Null for old versions, for which it wasn't
   * stored.
   */
  registry: string | null
}

/** The signatures of one of the registry's keys. */
export interface RegistrySignature {
  keyId: string
  /** The signature over the integrity, base64-encoded. */
  overIntegrity: string
  /** The signature over the registry's statement. Null if only another key signed it. */
  attestation: string | null
  /** The signature over the statement about the trusted publisher, base64-encoded. */
  originAttestation: string | null
}

export interface PackageRecord extends PackageState {
  createdAt: number
  deprecated: string | null
  /** The readme of `latest`. */
  readme: string | null
  distTags: Record<string, string>
  /** The versions in the order they were published. */
  versions: PublishedVersion[]
}

/** The facts about a version that are needed to serve its tarball. */
export interface VersionState {
  visibility: Visibility
  /** Hex. */
  sha256: string
  /** Size of the tarball, in bytes. */
  size: number
  /** Where the tarball is stored. Undefined if it isn't. */
  key: string | undefined
  publishedAt: number
  /** Undefined if the version is available. */
  takenDown: {at: number; reason: string} | undefined
}

/** The facts about a package that determine whether a version can be published or changed. */
export interface PublishedPackage {
  /** Undefined if the package does not exist. */
  visibility: Visibility | undefined
  /** The versions in the order they were published, including those that were taken down. */
  versions: SameVersion[]
}

/** A version that is equal to another one, except possibly for its build metadata. */
export interface SameVersion {
  version: string
  /** Hex. */
  sha256: string
  isTakenDown: boolean
}

/** The status of a version, which clients check before they install it. */
export interface VersionStatus {
  access: PackageAccess
  takenDown: {at: number; reason: string} | undefined
  /** The deprecation message of the version, or else of its package. Null if neither is deprecated. */
  deprecated: string | null
  isYanked: boolean
  /** The key that signed it, if it was revoked as compromised. */
  compromisedKey: {keyId: string; revokedAt: number} | undefined
}

/** A version to publish: its checked metadata, and facts about its tarball. */
export interface VersionDraft extends Omit<PublishMetadata, 'integrity' | 'signature'> {
  /** Hex-encoded. */
  sha256: string
  size: number
  /** Where the bytes are, which must already be stored. */
  blob: PlacedBlob
  unpackedSize: number
  fileCount: number
  signature?: VersionSignature | undefined
}

/** The place of the bytes of a version to publish. */
export interface PlacedBlob {
  key: string
  /** Whether they were stored for this version. Otherwise, it shares the blob of another one. */
  isNew: boolean
  /** The key of the damaged blob that these bytes replace. */
  replaces?: string
}

/** What a token that is limited to a release can't choose. */
export type ReleaseField = 'version' | 'integrity' | 'tag' | 'provenance'

/**
 * Why a change is refused, although it was allowed when the request started. `credential-ended`: the credential expired
 * or was revoked or suspended, or its owner was disabled. `forbidden`: it no longer allows changing this package.
 * `publisher-required`: only trusted publishers can change it.
 */
export type Denial = 'credential-ended' | 'forbidden' | 'publisher-required'

export interface PublishedState {
  publishedAt: number
  /** The dist-tag that was set: the requested one or `latest`; undefined if none was set. */
  tag: string | undefined
  /** The ID of the author's key; null if unsigned. */
  signer: string | null
}

export type Publication =
  | ({outcome: 'published'} & PublishedState)
  /** The version existed with the same bytes. Only the requested dist-tag was set. */
  | ({outcome: 'identical'} & PublishedState)
  /**
   * `exists`: with other bytes. `retired`: the version was taken down.
   * `existing`: the version that differs from it only in build metadata; absent if it is the version itself.
   */
  | {outcome: 'exists' | 'retired'; existing?: string}
  /** The package has another visibility. */
  | {outcome: 'visibility-fixed'}
  /** `signer-unknown`: it is not signed by an active key of the publisher. */
  | {outcome: 'signer-unknown' | Denial}
  /** The token has no uses left. */
  | {outcome: 'spent'}
  /** The blob that the version should share is being deleted. Its bytes must be stored again. */
  | {outcome: 'blob-deleting'}
  /** The credential lacks a right that turned out to be needed. */
  | {outcome: 'right-missing'; right: Right}
  /** The token is limited to a release that differs in this field. */
  | {outcome: 'other-release'; field: ReleaseField}

export type TakeDown =
  /**
   * `same`: versions that differ only in build metadata, and were also taken down. `moved` and `removed`: the dist-tags
   * of all of these versions.
   */
  | {outcome: 'taken-down'; same: string[]; moved: {tag: string; version: string}[]; removed: string[]}
  | {outcome: 'taken-down-before'; reason: string}
  | {outcome: 'package-unknown' | 'version-unknown'}

export interface SearchQuery {
  /**
   * Words that a package must contain. The last one matches as a prefix. If blank, finds all packages, newest first.
   */
  text: string
  limit: number
  offset: number
  /** The package before the page. Undefined for the first page. */
  after?: SearchPosition | undefined
}

/** The place of a package in the results of a search. */
export interface SearchPosition {
  rank: number
  isDeprecated: boolean
  publishedAt: number
  name: string
}

/** The private packages that a search includes: those in the user's scopes that match the patterns. */
export interface SearchReader {
  userId: string
  /** Empty means every package. */
  patterns: readonly string[]
}

export interface SearchHit {
  name: string
  /** The version with the dist-tag `latest`. */
  version: string
  type: string
  description: string | null
  keywords: string[] | null
  origin: string | null
  targets: string[] | null
  /** The name of the user who published the version. */
  publisher: string
  /** The deprecation of the package, or else of the version. */
  deprecated: string | null
}

/**
 * Packages and their versions.
 *
 * Versions are never deleted. Names must be valid. Every change checks in its transaction that the credential still
 * allows it.
 */
export interface PackageStore {
  /** @param userId undefined for anonymous clients. */
  access(name: string, userId: string | undefined): Promise<PackageAccess>
  state(name: string): Promise<PackageState | undefined>
  /** Finds everything about a package in one snapshot. */
  find(name: string): Promise<PackageRecord | undefined>
  /** Also finds versions that were taken down. */
  version(name: string, version: string): Promise<VersionState | undefined>
  /** Finds a package, with the versions that are equal to `version` except for build metadata. */
  published(name: string, version: string | undefined): Promise<PublishedPackage & PackageGate>
  /** Finds the status of versions in one snapshot, with the reader's access to each package. Skips missing versions. */
  statuses(
    versions: readonly {name: string; version: string}[],
    userId: string | undefined,
  ): Promise<(VersionStatus | undefined)[]>
  /** Finds the in-toto statement of a version. */
  provenance(name: string, version: string): Promise<object | undefined>
  /** @returns `total` is at most 1000; `next` is the place of the last hit if there are more */
  search(
    query: SearchQuery,
    reader: SearchReader | undefined,
  ): Promise<{total: number; hits: SearchHit[]; next: SearchPosition | undefined}>

  /**
   * Publishes a version, and sets the requested dist-tag. Without one, sets `latest`, unless the version is a
   * prerelease or not higher than the current `latest`. The first version of a package always becomes `latest`.
   */
  publish(draft: VersionDraft, credential: Credential, by: Actor, now: number): Promise<Publication>
  /**
   * Deprecates a version, or the package if no version is given.
   *
   * @param deprecation.message null removes the deprecation
   */
  deprecate(
    deprecation: {name: string; version?: string; message: string | null},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'done' | 'package-unknown' | 'version-unknown' | 'taken-down' | 'spent' | Denial>
  /** Yanks a version, or undoes it. Nothing changes if it already is as wanted. */
  yank(
    version: {name: string; version: string; yanked: boolean},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'done' | 'package-unknown' | 'version-unknown' | 'taken-down' | 'spent' | Denial>
  setTag(
    tag: {name: string; tag: string; version: string},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'set' | 'package-unknown' | 'version-unknown' | 'retired' | 'spent' | Denial>
  removeTag(
    tag: {name: string; tag: string},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<'removed' | 'package-unknown' | 'tag-unknown' | 'spent' | Denial>
  /**
   * Takes down a version, and those that differ from it only in build metadata. `latest` moves to the highest remaining
   * version, preferably a stable one. Other dist-tags of these versions are removed.
   */
  takeDown(version: {name: string; version: string; reason: string}, by: Actor, now: number): Promise<TakeDown>

  /** Changes the ETag of every package. @param epoch a random value */
  beginEpoch(epoch: string): Promise<void>
}
