import {exitCodes, type ExitCode} from '@apkg/command-kit'

import {hasProblem, isVerified, type Verification} from './verification.js'

/**
 * The packages that fail, one name each.
 *
 * @param strict whether unverified and unlocked packages fail too.
 */
export function failedPackages({packages, unlocked}: Verification, strict: boolean): string[] {
  const failed = packages.filter((each) => (strict ? !isVerified(each) : hasProblem(each)))
  return [
    ...failed.map(({package: name, version}) => `${name}@${version}`),
    ...(strict ? unlocked.map((name) => `${name} (not locked)`) : []),
  ]
}

/** The exit code of a verification. @param strict as for `failedPackages`. */
export function verificationExit(verification: Verification, strict: boolean): ExitCode {
  if (failedPackages(verification, strict).length === 0) return exitCodes.done
  return strict ? exitCodes.unverified : exitCodes.failed
}
