import {printable} from '@apkg/command-kit'

import type {SignatureAudit} from '../../project/verification/audit-signatures.js'
import {withVersion} from '../version-problem.js'

/** A count for each result, then the names of the unsigned packages. */
export function signatureAuditText({packages, summary}: SignatureAudit): string {
  const {verified, unsigned, unchecked, invalid} = summary
  const lines = [
    ...countLine(verified, 'has a verified signature', 'have verified signatures'),
    ...countLine(invalid, 'has an invalid signature', 'have invalid signatures'),
    ...countLine(unchecked, 'could not be verified'),
    ...countLine(unsigned, 'is not signed by its author', 'are not signed by their authors'),
    ...packages.filter(({signature}) => signature === 'unsigned').map((each) => `  ${each.package}@${each.version}`),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

/** What is invalid or couldn't be verified, one sentence each. */
export function signatureAuditWarnings({packages}: SignatureAudit): string[] {
  return packages.flatMap((each) => each.problems.map(({message}) => printable(withVersion(each, message))))
}

function countLine(count: number, singular: string, plural = singular): string[] {
  if (count === 0) return []
  return [count === 1 ? `1 package ${singular}` : `${count} packages ${plural}`]
}
