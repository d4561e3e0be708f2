import {printable} from '@apkg/command-kit'

import type {SignatureAudit} from '../../project/verification/audit-signatures.js'
import {versionProblem} from '../version-problem.js'

/** How many packages have which kind of signatures, a line each, then the packages that are not signed. */
export function signatureAuditText({packages, summary}: SignatureAudit): string {
  const {verified, unsigned, unchecked, invalid} = summary
  const lines = [
    ...said(verified, 'verified signatures of author and registry'),
    ...said(invalid, 'signatures that do not hold'),
    ...said(unchecked, 'signatures that could not be checked'),
    ...said(unsigned, 'no signature of an author'),
    ...packages.filter(({signature}) => signature === 'unsigned').map((each) => `  ${each.package}@${each.version}`),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

/** What does not hold, or could not be checked, a sentence each. */
export function signatureAuditWarnings({packages}: SignatureAudit): string[] {
  return packages.flatMap((each) => each.problems.map(({message}) => printable(versionProblem(each, message))))
}

function said(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'package has' : 'packages have'} ${what}`]
}
