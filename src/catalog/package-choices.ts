import {compareVersions, isPackageName, isPrerelease, isVersion, parseIntegrity} from '@apkg/package-format'
import type {Packument, VersionMetadata} from '@apkg/wire/protocol'

import {parseRange} from './range.js'

/** A version that can be installed. */
export interface VersionChoice {
  version: string
  /** Ranges by name. */
  dependencies: Readonly<Record<string, string>>
  /** `sha256-` and base64. */
  integrity: string
  /** `unknown` if the registry doesn't say. */
  type: string
  /** Withdrawn: installed only if the lockfile has it. */
  yanked: boolean
}

/** The versions of a package to choose from. */
export interface PackageChoices {
  name: string
  /** Versions by tag. A tag can be any text: look it up with `Object.hasOwn`. */
  distTags: Readonly<Record<string, string>>
  /** The highest first. */
  versions: readonly VersionChoice[]
  /** Usernames. */
  publishers: readonly string[]
}

/**
 * Reads the choices from a packument. Versions that can't be installed are skipped: those with an invalid version, without
 * a sha256 integrity, or with a malformed dependency.
 */
export function packageChoices(packument: Packument): PackageChoices {
  const versions = Object.entries(packument.versions ?? {}).flatMap(([version, metadata]) => {
    const choice = metadata.version === version ? choiceOf(metadata) : undefined
    return choice ? [choice] : []
  })
  return {
    name: packument.name,
    distTags: packument.distTags ?? {},
    versions: versions.sort((a, b) => compareVersions(b.version, a.version)),
    publishers: (packument.maintainers ?? []).map(({username}) => username),
  }
}

function choiceOf(metadata: VersionMetadata): VersionChoice | undefined {
  const {version, dist, type, yanked} = metadata
  const dependencies = metadata.dependencies ?? {}
  if (!isVersion(version) || !dist || parseIntegrity(dist.integrity) === undefined) return undefined
  if (!Object.entries(dependencies).every(([name, range]) => isPackageName(name) && parseRange(range))) return undefined
  return {
    version,
    dependencies,
    integrity: dist.integrity,
    type: type ?? 'unknown',
    yanked: yanked ?? false,
  }
}

/**
 * The version to use when none is requested: the one tagged `latest`, else the highest stable one, else the highest
 * prerelease. Yanked versions are skipped; undefined if none is left.
 */
export function newestVersion({distTags, versions}: PackageChoices): VersionChoice | undefined {
  const usable = versions.filter(({yanked}) => !yanked)
  const latest = Object.hasOwn(distTags, 'latest') ? distTags['latest'] : undefined
  return (
    usable.find(({version}) => version === latest) ?? usable.find(({version}) => !isPrerelease(version)) ?? usable[0]
  )
}
