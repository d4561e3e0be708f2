import {printable} from '@apkg/command-kit'

import type {PackageVerification, Verification} from '../../project/verification/verification.js'
import {counted} from '../counted.js'
import {table} from '@apkg/command-kit/table'
import {withdrawnNote} from './withdrawn.js'
import {withVersion} from '../version-problem.js'

const titles = ['PACKAGE', 'SIGNATURE', 'INTEGRITY', 'FILES', 'PROVENANCE']

/** The result for each package, a line each. */
export function verificationTable({packages}: Verification, screen: {isTerminal: boolean}): string {
  const rows = packages.map((each) => {
    const {package: name, version, signature, integrity, installed, provenance, builder} = each
    const origin = builder === null ? provenance : `${provenance} (${builder})`
    return [`${name}@${version}`, signature, integrity, installed, origin].map(printable)
  })
  return table(titles, rows, screen)
}

/** How many files per package are listed. */
const maxFiles = 10

/** Problems, and checks that were impossible, one sentence each. */
export function verificationWarnings({packages, unlocked}: Verification): string[] {
  return [
    ...packages.flatMap(warningsOn),
    ...unlocked.map((name) => `${name} is in apkg_packages but not in apkg-lock.json`),
  ].map(printable)
}

function warningsOn(each: PackageVerification): string[] {
  const {files, problems} = each
  const listed = files.slice(0, maxFiles).map(({path, what}) => `${path} (${what})`)
  const rest = files.length > maxFiles ? [`and ${files.length - maxFiles} more`] : []
  const changed =
    files.length > 0 ? [`installed files differ from the package: ${[...listed, ...rest].join(', ')}`] : []
  return [...problems.map(({message}) => message), ...changed].map((text) => withVersion(each, text))
}

/** The totals, and the packages that failed. */
export function verificationOutcome(verification: Verification, failed: readonly string[]): string {
  const totals = verificationTotals(verification)
  if (failed.length === 0) return totals
  const names = failed.map(printable).join(', ')
  const failure = `Verification failed for ${counted(failed.length, 'package')}: ${names}`
  return [totals, failure, ...withdrawnNote(verification.status)].join('\n')
}

function verificationTotals({packages, summary}: Verification): string {
  if (packages.length === 0) return 'No packages to verify.'
  const {total, signed, integrityOk, filesOk, withProvenance} = summary
  const parts = [`${signed} signed`, `${integrityOk} with matching integrity`, `${filesOk} with unchanged files`]
  return `Checked ${counted(total, 'package')}: ${[...parts, `${withProvenance} with provenance`].join(', ')}`
}
