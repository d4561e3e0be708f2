import type {AuditProblem, AuditVerification} from '../operator/verify-audit.js'
import {counted} from './counted.js'

/** How many problems are listed. */
const maxListed = 20

/** One line for each problem, followed by how much was verified. */
export function auditVerification({sealed, unsealed, before, problems}: AuditVerification): string {
  const listed = problems.slice(0, maxListed).map((problem) => `${describe(problem)}\n`)
  const rest = problems.length - listed.length
  const outcome = problems.length === 0 ? 'No problems found.' : `${counted(problems.length, 'problem')} found.`
  const counts = `${sealed} ${sealed === 1 ? 'entry' : 'entries'} sealed, ${unsealed} not sealed yet, ${before} from before sealing began`
  return `${listed.join('')}${rest > 0 ? `and ${rest} more\n` : ''}${outcome} ${counts}\n`
}

function describe({kind, position}: AuditProblem): string {
  switch (kind) {
    case 'changed':
      return `Entry ${position} was changed`
    case 'missing':
      return `Entry ${position} was deleted`
    case 'added':
      return 'An entry was inserted between sealed ones'
    case 'cut':
      return `Entries up to ${position} were sealed, but the newest were deleted`
    case 'replaced':
      return `Entry ${position} differs from the one that was sealed`
    case 'removed-before':
      return 'Entries from before sealing began were deleted or added'
  }
}
