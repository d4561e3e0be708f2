import {isSpent, releaseOf, rightMissingToPublish} from './package-rights.js'
import type {Credential} from './credential.js'
import type {Publication, PublishedPackage, ReleaseField, Visibility} from './package-store.js'

/** The facts about a version that determine whether it can be published. */
export interface WantedVersion {
  /** Undefined means any version that isn't published yet. */
  version?: string | undefined
  /** Hex-encoded. Undefined means different bytes than any published version. */
  sha256?: string | undefined
  /** The requested dist-tag. */
  tag?: string | undefined
  /** Undefined means the visibility of the package. */
  visibility?: Visibility | undefined
  /** The publisher's own statement, or whether there is one. */
  provenance?: object | boolean | undefined
}

export type PublicationProblem = Extract<
  Publication,
  {outcome: 'other-release' | 'right-missing' | 'spent' | 'visibility-fixed' | 'exists' | 'retired'}
>

/**
 * Returns why a credential that allows changing the package can't publish a version, or undefined if it can. No other
 * code decides this.
 *
 * @param existing the package, with the versions that are equal to the wanted one except for build metadata
 */
export function publicationProblem(
  credential: Credential,
  wanted: WantedVersion,
  existing: PublishedPackage,
): PublicationProblem | undefined {
  const {versions, visibility} = existing
  const field = fieldOfOtherRelease(credential, wanted)
  if (field !== undefined) return {outcome: 'other-release', field}
  const isIdentical = isPublished(wanted, existing)
  const kind = {isUpdate: visibility !== undefined, isIdentical, tag: wanted.tag}
  const right = rightMissingToPublish(credential, kind)
  if (right) return {outcome: 'right-missing', right}
  if (isSpent(credential) && !isIdentical) return {outcome: 'spent'}
  const isFixed = visibility !== undefined && wanted.visibility !== undefined && visibility !== wanted.visibility
  if (isFixed) return {outcome: 'visibility-fixed'}
  const before = versions.find(({version}) => version === wanted.version)
  if (before) return isIdentical ? undefined : {outcome: before.isTakenDown ? 'retired' : 'exists'}
  const [same] = versions
  if (!same) return undefined
  return {outcome: versions.some(({isTakenDown}) => isTakenDown) ? 'retired' : 'exists', existing: same.version}
}

/**
 * The first field in which a version differs from the release that a token is limited to. Without a requested dist-tag, the
 * registry decides about `latest`, so that is the only one that such a token doesn't have to name.
 */
function fieldOfOtherRelease(credential: Credential, wanted: WantedVersion): ReleaseField | undefined {
  const release = releaseOf(credential)
  if (release === null) return undefined
  if (wanted.version !== release.version) return 'version'
  if (wanted.sha256 !== release.sha256) return 'integrity'
  if ((wanted.tag ?? 'latest') !== release.tag) return 'tag'
  return wanted.provenance ? 'provenance' : undefined
}

/** Whether a version is already published with the same bytes, so that only a dist-tag can change. */
export function isPublished({version, sha256}: WantedVersion, {versions}: PublishedPackage): boolean {
  const before = versions.find((each) => each.version === version)
  return before !== undefined && !before.isTakenDown && before.sha256 === sha256
}

/** @returns the version if it is available, or else why it isn't */
export function availableVersion<Version extends {isTakenDown: boolean}>(
  found: Version | undefined,
): Version | 'version-unknown' | 'taken-down' {
  if (!found) return 'version-unknown'
  return found.isTakenDown ? 'taken-down' : found
}
