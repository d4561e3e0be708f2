import compareBuild from 'semver/functions/compare-build.js'
import compare from 'semver/functions/compare.js'
import parse from 'semver/functions/parse.js'

/** Characters. Versions are part of file names. */
const maxVersionLength = 200

/** Explains why a string isn't a version (SemVer 2.0.0), completing "the version …". Returns undefined if it is one. */
export function versionProblem(text: string): string | undefined {
  if (text.length > maxVersionLength) return `is longer than ${maxVersionLength} characters`
  const version = parse(text)
  const canonical = version && version.version + (version.build.length > 0 ? `+${version.build.join('.')}` : '')
  return canonical === text ? undefined : 'must be a semantic version such as 1.2.3'
}

export function isVersion(text: string): boolean {
  return versionProblem(text) === undefined
}

/** Whether a version is a prerelease, such as `1.0.0-rc.1`. */
export function isPrerelease(version: string): boolean {
  return (parse(version)?.prerelease.length ?? 0) > 0
}

/**
 * A version without its build metadata. Versions that differ only in build metadata are the same version: a registry
 * publishes only one of them.
 */
export function withoutBuild(version: string): string {
  return version.replace(/\+.*$/s, '')
}

/** Compares versions for `Array.sort`: by precedence. Of the same version, the one without build metadata is the highest. */
export function compareVersions(a: string, b: string): number {
  const hasBuild = (version: string) => Number(withoutBuild(version) !== version)
  return compare(a, b) || hasBuild(b) - hasBuild(a) || compareBuild(a, b)
}
