import {isPackageName, isPrerelease, isVersion, parseIntegrity} from '@apkg/package-format'
import type {Packument, VersionMetadata} from '@apkg/wire/protocol'
import compareBuild from 'semver/functions/compare-build.js'

import {parseRange} from './range.js'

/** A version that can be chosen. */
export interface VersionChoice {
  version: string
  /** Ranges by name. */
  dependencies: Readonly<Record<string, string>>
  /** `sha256-` and base64. */
  integrity: string
  /** `unknown` where the registry does not say. */
  type: string
  /** Withdrawn: it is not chosen anew, and installed where it is locked. */
  yanked: boolean
}

/** What can be chosen of a package. */
export interface PackageChoices {
  name: string
  /** Versions by tag. Tags are any text: look them up with `Object.hasOwn`. */
  distTags: Readonly<Record<string, string>>
  /** The highest first. */
  versions: readonly VersionChoice[]
  /** Usernames. */
  publishers: readonly string[]
}

/**
 * Reads what can be chosen from a packument. Versions that could not be installed are left out: those that are no
 * semantic version, have no sha256 integrity, or depend on what is no package or no range.
 */
export function packageChoices(packument: Packument): PackageChoices {
  const versions = Object.entries(packument.versions ?? {}).flatMap(([version, metadata]) => {
    const choice = metadata.version === version ? choiceOf(metadata) : undefined
    return choice ? [choice] : []
  })
  return {
    name: packument.name,
    distTags: packument.distTags ?? {},
    versions: versions.sort((a, b) => compareBuild(b.version, a.version)),
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
 * The version that is meant where none is named: the one tagged `latest`, else the highest stable one, else the highest
 * prerelease; never one that was yanked. Undefined where there is none.
 */
export function newestVersion({distTags, versions}: PackageChoices): VersionChoice | undefined {
  const usable = versions.filter(({yanked}) => !yanked)
  const latest = Object.hasOwn(distTags, 'latest') ? distTags['latest'] : undefined
  return (
    usable.find(({version}) => version === latest) ?? usable.find(({version}) => !isPrerelease(version)) ?? usable[0]
  )
}
