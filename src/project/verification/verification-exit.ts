import {exitCodes, type ExitCode} from '@apkg/command-kit'

import {isVerified, isWrong, type Verification} from './verification.js'

/**
 * What does not pass, a name for each.
 *
 * @param strict whether what is merely not verified fails too, and what is not locked.
 */
export function failedPackages({packages, unlocked}: Verification, strict: boolean): string[] {
  const failed = packages.filter((each) => (strict ? !isVerified(each) : isWrong(each)))
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
