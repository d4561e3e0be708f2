import {printable, success, type Screen} from '@apkg/command-kit'

import {hasProblem, type PackageVerification, type Verification} from '../../project/verification/verification.js'
import {jobName} from '../account/job-name.js'
import {counted} from '../counted.js'
import {table} from '@apkg/command-kit/table'
import {withdrawnNote} from './withdrawn.js'
import {withVersion} from '../version-problem.js'

const titles = ['PACKAGE', 'SIGNATURE', 'INTEGRITY', 'FILES', 'PROVENANCE', 'SOURCE']

/** The result for each package, a line each. A terminal shows sources only if a package has one. */
export function verificationTable({packages}: Verification, screen: Screen): string {
  const isSourceShown = !screen.isTerminal || packages.some(({source}) => source !== null)
  const columns = isSourceShown ? titles.length : titles.length - 1
  const rows = packages.map((each) => {
    const {package: name, version, signature, integrity, installed, provenance, builder, source} = each
    const origin = builder === null ? provenance : `${provenance} (${builder})`
    return [`${name}@${version}`, signature, integrity, installed, origin, sourceOf(source)]
      .slice(0, columns)
      .map(printable)
  })
  return table(titles.slice(0, columns), rows, screen, ['SOURCE', 'PROVENANCE'])
}

/** The CI job that the registry attests, with its commit. `-`: no trusted publisher published the version. */
function sourceOf(source: PackageVerification['source']): string {
  if (source === null) return '-'
  if (source.status !== 'verified') return source.status
  const commit = source.commit === null ? '' : ` at ${source.commit.slice(0, 12)}`
  const run = source.run === null ? '' : ` (${source.run})`
  return `${jobName(source)}${commit}${run}`
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
  if (failed.length === 0) return verification.packages.length === 0 ? totals : success(totals)
  const names = failed.map(printable).join(', ')
  const failure = `Verification failed for ${counted(failed.length, 'package')}: ${names}`
  return [totals, failure, ...jobNote(verification, failed), ...withdrawnNote(verification.status)].join('\n')
}

/** Names the versions that only fail because CI jobs don't sign. */
function jobNote({packages}: Verification, failed: readonly string[]): string[] {
  const versions = packages
    .filter((each) => !hasProblem(each) && each.signature === 'unsigned' && each.source?.status === 'verified')
    .map(({package: name, version}) => `${name}@${version}`)
    .filter((each) => failed.includes(each))
  if (versions.length === 0) return []
  const names = versions.map(printable).join(', ')
  return [`Not signed by an author, because a trusted publisher published it: ${names}`]
}

function verificationTotals({packages, summary}: Verification): string {
  if (packages.length === 0) return 'No packages to verify.'
  const {total, signed, integrityOk, filesOk, withProvenance} = summary
  const parts = [`${signed} signed`, `${integrityOk} with matching integrity`, `${filesOk} with unchanged files`]
  return `Checked ${counted(total, 'package')}: ${[...parts, `${withProvenance} with provenance`].join(', ')}`
}
