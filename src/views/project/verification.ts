import {printable} from '@apkg/command-kit'

import type {PackageVerification, Verification} from '../../project/verification/verification.js'
import {packages as count} from './installation.js'
import {table} from '@apkg/command-kit/table'
import {withVersion} from '../version-problem.js'

const titles = ['Package', 'Signature', 'Integrity', 'Files', 'Provenance']

/** What was found of each package, a line each. */
export function verificationTable({packages}: Verification, screen: {isTerminal: boolean}): string {
  const rows = packages.map((each) => {
    const {package: name, version, signature, integrity, installed, provenance, builder} = each
    const origin = builder === null ? provenance : `${provenance} (${builder})`
    return [`${name}@${version}`, signature, integrity, installed, origin].map(printable)
  })
  return table(titles, rows, screen)
}

/** How many files of a package are named. */
const mostFiles = 10

/** What is wrong, or could not be checked, a sentence each. */
export function verificationWarnings({packages, unlocked}: Verification): string[] {
  return [
    ...packages.flatMap(warningsOn),
    ...unlocked.map((name) => `${name} lies in apkg_packages, and apkg-lock.json does not have it`),
  ].map(printable)
}

function warningsOn(each: PackageVerification): string[] {
  const {files, problems} = each
  const named = files.slice(0, mostFiles).map(({path, what}) => `${path} (${what})`)
  const others = files.length > mostFiles ? [`and ${files.length - mostFiles} more`] : []
  const changed =
    files.length > 0 ? [`installed files are not those of the package: ${[...named, ...others].join(', ')}`] : []
  return [...problems.map(({message}) => message), ...changed].map((text) => withVersion(each, text))
}

/** The sums, and which packages failed. */
export function verificationOutcome(verification: Verification, failed: readonly string[]): string {
  const sums = verificationSums(verification)
  if (failed.length === 0) return sums
  return `${sums}\n${count(failed.length)} failed verification: ${failed.map(printable).join(', ')}`
}

function verificationSums({packages, summary}: Verification): string {
  if (packages.length === 0) return 'No packages to verify.'
  const {total, signed, integrityOk, filesOk, withProvenance} = summary
  const parts = [`${signed} signed`, `${integrityOk} integrity ok`, `${filesOk} with unchanged files`]
  return `Verified ${count(total)}: ${[...parts, `${withProvenance} with provenance`].join(', ')}`
}
