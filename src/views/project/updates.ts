import {type Output, printable, success} from '@apkg/command-kit'
import {compareVersions} from '@apkg/package-format'

import type {Update, UpdateReport} from '../../project/installation/update-packages.js'
import {updateResult, type UpdateResult} from '../../project/installation/update-result.js'
import {counted} from '../counted.js'
import {installationWarnings, linkNotes, trustNote} from './installation.js'
import type {InstallationView} from './installation-view.js'
import {table} from '@apkg/command-kit/table'

export const updateView: InstallationView<UpdateReport, UpdateResult> = {
  warnings: (report) => [
    ...report.updates.flatMap(setbackWarning),
    ...installationWarnings({...report, ...(report.installation && {status: report.installation.status})}),
  ],
  notes: updateNotes,
  lines: () => '',
  outcome: updateResult,
}

/** A version that was taken down, or a downgrade. */
function setbackWarning({name, from, to, takenDown}: Update): string[] {
  if (from === null) return []
  const change = `${name} ${from} → ${to ?? none}`
  if (takenDown !== null) return [`${change}, because ${from} was taken down by the registry: ${takenDown}`]
  return to !== null && compareVersions(to, from) < 0 ? [`${change} is a downgrade`] : []
}

/** A table of the versions and ranges that change, and a summary. */
function updateNotes(report: UpdateReport, _milliseconds: number, stderr: Output): string {
  const {updates, installation, hasDependencies} = report
  if (!hasDependencies) return 'No dependencies to update.'
  if (updates.length === 0) return success('All packages are up to date.')
  const outcome = installation
    ? success(`Updated ${counted(updates.length, 'package')}.`)
    : 'No changes written (--dry-run).'
  return [
    `${updateTable(updates, stderr)}${outcome}`,
    ...trustNote(report),
    ...(installation ? linkNotes(installation) : []),
  ].join('\n')
}

function updateTable(updates: readonly Update[], stderr: Output): string {
  const withRanges = updates.some(({range}) => range !== null)
  const titles = ['PACKAGE', 'CURRENT', 'UPDATED', ...(withRanges ? ['RANGE'] : [])]
  const rows = updates.map(({name, from, to, range}) => [
    name,
    from ?? none,
    to ?? none,
    ...(withRanges ? [range ? printable(`${range.from} → ${range.to}`) : ''] : []),
  ])
  // Aligned in logs, too.
  return table(titles, rows, {...stderr, isTerminal: true}, ['RANGE', 'CURRENT'])
}

const none = '—'
