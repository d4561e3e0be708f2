import {printable} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'
import type {Packument, VersionMetadata} from '@apkg/wire/protocol'
import compareBuild from 'semver/functions/compare-build.js'

import {failure} from '../failures.js'
import {parseRange} from '../range.js'

/** A package as `apkg info` shows it, in text and JSON. Null is what the registry doesn't say. */
export interface PackageInfo {
  name: string
  description: string | null
  visibility: string | null
  /** Message of a deprecation that applies to all versions. */
  deprecated: string | null
  /** Versions by tag. */
  distTags: Record<string, string>
  /** The requested version, else the one tagged `latest`, else the highest; null if there are no versions. */
  version: VersionInfo | null
  /** The highest first. */
  versions: VersionSummary[]
  maintainers: {username: string; role: string | null}[]
  hasReadme: boolean
  createdAt: string | null
  updatedAt: string | null
}

export interface VersionSummary {
  version: string
  type: string | null
  publishedAt: string | null
  /** Withdrawn: installed only if the lockfile has it. */
  yanked: boolean
  deprecated: string | null
}

export interface VersionInfo extends VersionSummary {
  description: string | null
  license: string | null
  origin: string | null
  targets: string[]
  keywords: string[]
  /** Ranges by name. */
  dependencies: Record<string, string>
  integrity: string | null
  /** Bytes of the tarball. */
  size: number | null
  /** Bytes of the files in it. */
  unpackedSize: number | null
  fileCount: number | null
  repository: string | null
  homepage: string | null
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
    .sort((a, b) => compareBuild(b.version, a.version))
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

/** A tag can't look like a version or a range, so there is no ambiguity. */
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
