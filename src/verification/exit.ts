import {exitCodes, type ExitCode} from '@apkg/command-kit'

import {isVerified, isWrong, type PackageVerification, type Verification} from './verification.js'

/** The packages that do not pass. @param strict whether what is merely not verified fails too. */
export function failedPackages({packages}: Verification, strict: boolean): PackageVerification[] {
  return packages.filter((each) => (strict ? !isVerified(each) : isWrong(each)))
}

/** The exit code of a verification. @param strict as for `failedPackages`; it lets nothing pass that is not locked. */
export function verificationExit(verification: Verification, strict: boolean): ExitCode {
  const isFine = failedPackages(verification, strict).length === 0 && !(strict && verification.unlocked.length > 0)
  if (isFine) return exitCodes.done
  return strict ? exitCodes.unverified : exitCodes.failed
}
