import {printable} from '@apkg/command-kit'
import {compareVersions, isVersion} from '@apkg/package-format'
import type {Packument, VersionMetadata} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {parseRange} from '../range.js'

/** A package as the registry describes it. Fields that the registry doesn't report are null. */
export interface PackageInfo {
  name: string
  description: string | null
  /** `public` or `private`. */
  visibility: string | null
  /** The package's deprecation message. */
  deprecated: string | null
  /** The version that each dist-tag points to, by tag. */
  distTags: Record<string, string>
  /**
   * The requested version. By default, the one tagged `latest`, or the highest if there is no such tag. Null if the
   * package has no versions.
   */
  version: VersionInfo | null
  /** All versions, highest first. */
  versions: VersionSummary[]
  /** Users who maintain the package. */
  maintainers: Maintainer[]
  hasReadme: boolean
  /** @format date-time */
  createdAt: string | null
  /** @format date-time */
  updatedAt: string | null
}

/** A user who maintains the package. */
export interface Maintainer {
  username: string
  role: string | null
}

/** One version of a package, in brief. */
export interface VersionSummary {
  version: string
  /** The package type, such as `skill` or `agent`. */
  type: string | null
  /** @format date-time */
  publishedAt: string | null
  /** Whether the version is yanked. A yanked version is installed only if the lockfile lists it. */
  yanked: boolean
  /** The deprecation message. */
  deprecated: string | null
}

/** One version of a package, in full. */
export interface VersionInfo extends VersionSummary {
  description: string | null
  /** The SPDX identifier. */
  license: string | null
  /** The tool that the package was made for. */
  origin: string | null
  /** The tools that the package supports. */
  targets: string[]
  keywords: string[]
  /** The version range of each dependency, by name. */
  dependencies: Record<string, string>
  /** `sha256-` followed by the base64-encoded digest of the tarball. */
  integrity: string | null
  /** Size of the tarball, in bytes. */
  size: number | null
  /** Total size of the files, in bytes. */
  unpackedSize: number | null
  /** Number of files in the tarball. */
  fileCount: number | null
  repository: string | null
  homepage: string | null
  /** Username of the publisher. */
  publishedBy: string | null
}

/**
 * Describes a package and one of its versions.
 *
 * @param wanted a version, a dist-tag, or a range, which selects its highest version.
 * @throws {ApkgError} `TAG_NOT_FOUND`, `VERSION_NOT_FOUND`.
 */
export function packageInfo(packument: Packument, wanted: string | undefined): PackageInfo {
  const versions = Object.values(packument.versions ?? {})
    .filter(({version}) => isVersion(version))
    .sort((a, b) => compareVersions(b.version, a.version))
  const chosen = chosenVersion(packument, versions, wanted)
  return {
    name: packument.name,
    description: packument.description ?? null,
    visibility: packument.visibility ?? null,
    deprecated: packument.deprecated ?? null,
    distTags: packument.distTags ?? {},
    version: chosen ? versionInfo(chosen) : null,
    versions: versions.map(versionSummary),
    maintainers: (packument.maintainers ?? []).map(({username, role}) => ({username, role: role ?? null})),
    hasReadme: Boolean(packument.readme),
    createdAt: packument.createdAt ?? null,
    updatedAt: packument.updatedAt ?? null,
  }
}

/** Unambiguous, because a tag can't look like a version or a range. */
function chosenVersion(
  {name, distTags = {}}: Packument,
  versions: readonly VersionMetadata[],
  wanted: string | undefined,
): VersionMetadata | undefined {
  const find = (version: string | undefined) => versions.find((each) => each.version === version)
  if (wanted === undefined) return find(distTags['latest']) ?? versions[0]
  const found = find(wanted) ?? find(distTags[wanted])
  if (found) return found
  if (isVersion(wanted)) throw failure('VERSION_NOT_FOUND', {name, reason: `${wanted} does not exist`})
  const range = parseRange(wanted)
  if (!range) throw failure('TAG_NOT_FOUND', {name, tag: printable(wanted)})
  const highest = versions.find(({version, yanked}) => !yanked && range.test(version))
  if (!highest) throw failure('VERSION_NOT_FOUND', {name, reason: `none satisfies ${printable(wanted)}`})
  return highest
}

function versionSummary({version, type, publishedAt, yanked, deprecated}: VersionMetadata): VersionSummary {
  return {
    version,
    type: type ?? null,
    publishedAt: publishedAt ?? null,
    yanked: yanked ?? false,
    deprecated: deprecated ?? null,
  }
}

function versionInfo(metadata: VersionMetadata): VersionInfo {
  const {dist} = metadata
  return {
    ...versionSummary(metadata),
    description: metadata.description ?? null,
    license: metadata.license ?? null,
    origin: metadata.origin ?? null,
    targets: metadata.targets ?? [],
    keywords: metadata.keywords ?? [],
    dependencies: metadata.dependencies ?? {},
    integrity: dist?.integrity ?? null,
    size: dist?.size ?? null,
    unpackedSize: dist?.unpackedSize ?? null,
    fileCount: dist?.fileCount ?? null,
    repository: metadata.repository ?? null,
    homepage: metadata.homepage ?? null,
    publishedBy: metadata.publishedBy?.username ?? null,
  }
}
