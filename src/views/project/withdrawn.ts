import type {StatusReport} from '../../project/installation/status-report.js'

/** How to replace packages that must not be used anymore; empty if there are none. */
export function withdrawnNote({takenDown, compromised}: StatusReport): string[] {
  const count = takenDown.length + compromised.length
  return count === 0 ? [] : [`Run \`apkg install\` to see how to replace ${count === 1 ? 'it' : 'them'}.`]
}
