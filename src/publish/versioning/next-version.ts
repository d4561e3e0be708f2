import {failure, printable} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'
import increment from 'semver/functions/inc.js'

/** The parts of a version that can be incremented. */
const steps = ['patch', 'minor', 'major'] as const

/**
 * The version that `apkg version` sets. As in npm, `patch` of a prerelease is the release itself.
 *
 * @param wanted `patch`, `minor`, `major` or a version.
 * @throws {ApkgError} `USAGE` if it is neither, or already the current version.
 */
export function nextVersion(current: string, wanted: string): string {
  const step = steps.find((each) => each === wanted)
  if (step === undefined && !isVersion(wanted)) {
    const suggestions = ['use patch, minor, major, or a version such as 1.2.3']
    throw failure('USAGE', {message: `\`${printable(wanted)}\` is not a version`, suggestions})
  }
  const next = step === undefined ? wanted : increment(current, step)
  if (next === null) {
    const suggestions = ['run `apkg version 1.0.0` to set a valid version']
    throw failure('USAGE', {message: `The current version \`${printable(current)}\` is invalid`, suggestions})
  }
  if (next !== current) return next
  throw failure('USAGE', {message: `The version is already ${next}`, suggestions: ['run `apkg version patch`']})
}
