import compareBuild from 'semver/functions/compare-build.js'
import parse from 'semver/functions/parse.js'

/** The longest version, in characters: it is part of file names. */
const longestVersion = 200

/** Why a text is no version, completing "the version …"; undefined where it is one in its one spelling (SemVer 2.0.0). */
export function versionProblem(text: string): string | undefined {
  if (text.length > longestVersion) return `is longer than ${longestVersion} characters`
  const version = parse(text)
  const spelling = version && version.version + (version.build.length > 0 ? `+${version.build.join('.')}` : '')
  return spelling === text ? undefined : 'must be a semantic version such as 1.2.3'
}

export function isVersion(text: string): boolean {
  return versionProblem(text) === undefined
}

/** Whether a version is a prerelease, such as `1.0.0-rc.1`. */
export function isPrerelease(version: string): boolean {
  return (parse(version)?.prerelease.length ?? 0) > 0
}

/** Orders versions by precedence; those that differ only in build metadata by that (as `Array.sort` wants it). */
export function compareVersions(a: string, b: string): number {
  return compareBuild(a, b)
}
