import type {Right} from '@apkg/wire'
import type {PublishMetadata} from '@apkg/wire/protocol'

import type {Actor} from './actor.js'
import type {Credential} from './credential.js'
import type {AuthorKey} from './key-store.js'
import type {Role} from './organization-store.js'

export type Visibility = 'public' | 'private'

/** A user's access to a package, or to the scope of one that does not exist. */
export interface PackageAccess {
  /** Undefined if the package does not exist. */
  visibility: Visibility | undefined
  /** `owner`: the scope is the user's name. Undefined for other users, and without a user. */
  role: 'owner' | Role | undefined
}

export interface Maintainer {
  username: string
  role: 'owner' | 'publisher'
}

/** What a response about a package depends on besides its versions. Read on its own to compute an ETag. */
export interface PackageState {
  name: string
  visibility: Visibility
  /** Incremented with each change of the package, its versions and its tags. */
  revision: number
  /** When the last change was made. */
  updatedAt: number
  /** The users who can publish, by name. */
  maintainers: Maintainer[]
  /** The keys that signed versions, and the keys that those were rotated to. */
  signers: AuthorKey[]
  /** The id of the registry's active key, if it has one. */
  signingKey: string | undefined
}

/** A version that was not taken down. */
export interface PublishedVersion {
  version: string
  type: string
  /** Hex. */
  sha256: string
  /** Bytes of the tarball. */
  size: number
  /** Bytes of the files in the tarball. */
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
  /** The URL of the registry in the statement, which may have changed since. Null for old versions, where it was not stored. */
  registry: string | null
}

/** A signature by one of the registry's keys. */
export interface RegistrySignature {
  keyId: string
  /** Over the integrity; base64. */
  overIntegrity: string
  /** Over the registry's statement; null if only another key signed it. */
  attestation: string | null
}

export interface PackageRecord extends PackageState {
  createdAt: number
  deprecated: string | null
  /** The readme of `latest`. */
  readme: string | null
  distTags: Record<string, string>
  /** In the order they were published. */
  versions: PublishedVersion[]
}

/** What is needed to serve a version's tarball. */
export interface VersionState {
  visibility: Visibility
  /** Hex. */
  sha256: string
  /** Bytes of the tarball. */
  size: number
  publishedAt: number
  /** Undefined if the version is available. */
  takenDown: {at: number; reason: string} | undefined
}

/** What is to be known about a version before it is installed. */
export interface VersionStatus {
  access: PackageAccess
  takenDown: {at: number; reason: string} | undefined
  /** The message of the version, else of its package; null if neither is deprecated. */
  deprecated: string | null
  /** The key that signed it, if it was revoked as compromised. */
  compromisedKey: {keyId: string; revokedAt: number} | undefined
}

/** A version to publish: its checked metadata, and facts about its tarball. */
export interface VersionDraft extends Omit<PublishMetadata, 'integrity' | 'signature'> {
  /** Hex. The bytes must already be in the blob store. */
  sha256: string
  size: number
  unpackedSize: number
  fileCount: number
  signature?: VersionSignature | undefined
}

/**
 * Why a change is refused that was allowed when the request started. `credential-ended`: the credential expired, was
 * revoked or suspended, or its owner was disabled. `forbidden`: it no longer allows changing this package.
 */
export type Denial = 'credential-ended' | 'forbidden'

export interface PublishedState {
  publishedAt: number
  /** The dist-tag that was set: the requested one or `latest`; undefined if none was set. */
  tag: string | undefined
  /** The id of the author's key; null if unsigned. */
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
  /**
   * `visibility-fixed`: the package has another visibility. `signer-unknown`: it is not signed by an active key of the
   * publisher.
   */
  | {outcome: 'visibility-fixed' | 'signer-unknown' | Denial}
  /** The credential lacks a right that turned out to be needed. */
  | {outcome: 'right-missing'; right: Right}

export type TakeDown =
  /**
   * `same`: versions that differ only in build metadata, and were taken down too. `moved` and `removed`: what happened to
   * the dist-tags of all of them.
   */
  | {outcome: 'taken-down'; same: string[]; moved: {tag: string; version: string}[]; removed: string[]}
  | {outcome: 'taken-down-before'; reason: string}
  | {outcome: 'package-unknown' | 'version-unknown'}

export interface SearchQuery {
  /** Words that a package has to contain, the last as a prefix. Blank: all packages, newest first. */
  text: string
  limit: number
  offset: number
}

/** Whose private packages a search includes: those in the user's scopes that match the patterns. */
export interface SearchReader {
  userId: string
  /** Empty: every package. */
  patterns: readonly string[]
}

export interface SearchHit {
  name: string
  /** The version of `latest`. */
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
  /** Everything about a package, from one snapshot. */
  find(name: string): Promise<PackageRecord | undefined>
  /** Also finds versions that were taken down. */
  version(name: string, version: string): Promise<VersionState | undefined>
  /** The published versions that differ from a version at most in build metadata, including those that were taken down. */
  sameVersions(name: string, version: string): Promise<{version: string; isTakenDown: boolean}[]>
  /** The status of versions, from one snapshot: those that exist, each with the reader's access to its package. */
  statuses(
    versions: readonly {name: string; version: string}[],
    userId: string | undefined,
  ): Promise<(VersionStatus | undefined)[]>
  /** The in-toto statement of a version. */
  provenance(name: string, version: string): Promise<object | undefined>
  /** @returns total: at most 1000. */
  search(query: SearchQuery, reader: SearchReader | undefined): Promise<{total: number; hits: SearchHit[]}>

  /**
   * Sets the requested dist-tag. Without one, sets `latest` unless that is already as high or the version is a prerelease.
   * The first version of a package always becomes `latest`.
   */
  publish(draft: VersionDraft, credential: Credential, by: Actor, now: number): Promise<Publication>
  /** Deprecates a version, or the package without one. @param deprecation.message null to undo it. */
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
   * Takes down a version, and those that differ from it only in build metadata. `latest` moves to the highest remaining version, preferably a stable one. Other dist-tags of the
   * version are removed.
   */
  takeDown(version: {name: string; version: string; reason: string}, by: Actor, now: number): Promise<TakeDown>

  /** Whether an available version has these bytes. @param sha256 hex. */
  isReferenced(sha256: string): Promise<boolean>
  /** The distinct blobs of available versions, by hash. */
  referencedBlobs(): Promise<{sha256: string; size: number}[]>
}
