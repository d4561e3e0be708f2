import {printable, success, type Screen} from '@apkg/command-kit'

import type {CheckedPackage, SetupCheck} from '../../tools/check-setup.js'
import {duplicateSentences} from '../../tools/duplicates.js'
import {table} from '@apkg/command-kit/table'
import {titleOf, titlesOf} from './tool-title.js'

const words: Readonly<Record<CheckedPackage['state'], string>> = {
  loads: 'loads',
  modified: 'loads (modified)',
  outdated: 'loads (outdated)',
  fails: 'does not load',
  unsupported: 'unsupported',
  skipped: 'skipped',
}

/** Whether each tool would load each package, a line each, with the files that it reads. */
export function setupCheckTable({packages}: SetupCheck, screen: Screen): string {
  const rows = packages.map((each) =>
    [nameOf(each), titleOf(each.tool ?? ''), words[each.state], each.files.join(', ')].map(printable),
  )
  return table(['PACKAGE', 'TOOL', 'STATE', 'FILES'], rows, screen, ['FILES'])
}

/** What could not be taken into account, and why packages would not load, one sentence each. */
export function setupCheckWarnings({packages, limitations}: SetupCheck): string[] {
  return [...limitations.map(printable), ...reasonsOf(packages.filter(({state}) => state === 'fails'))]
}

function reasonsOf(packages: readonly CheckedPackage[]): string[] {
  return packages.flatMap((each) =>
    each.problems.map(({path, reason}) => {
      const where = path === null ? '' : `${path}: `
      return printable(`${nameOf(each)}${each.tool === null ? '' : ` (${titleOf(each.tool)})`}: ${where}${reason}`)
    }),
  )
}

/** Why packages are unsupported or skipped, and a summary. */
export function setupCheckNotes({tools, packages, duplicates}: SetupCheck): string[] {
  const notes = duplicateSentences(duplicates).map(printable)
  return [...reasonsOf(packages.filter(({state}) => state !== 'fails')), ...notes, summary({tools, packages})]
}

function summary({tools, packages}: Pick<SetupCheck, 'tools' | 'packages'>): string {
  if (packages.length === 0) return 'No packages to check.'
  if (tools.length === 0) return 'No tools selected. Choose one with --setup.'
  const failed = packages.filter(({state}) => state === 'fails')
  if (failed.some(({problems}) => problems.some(({kind}) => kind === 'missing')))
    return 'Run `apkg setup` to restore missing files.'
  if (failed.length > 0) return 'Some packages do not load.'
  if (!packages.some(({state}) => ['loads', 'modified', 'outdated'].includes(state))) return 'No packages are set up.'
  return success(`${whatLoads(packages)} in ${titlesOf(tools)}.`)
}

/** The subject and verb of a sentence about the packages that every tool loads. */
function whatLoads(packages: readonly CheckedPackage[]): string {
  const excepted = new Set(
    packages.filter(({state}) => state === 'unsupported' || state === 'skipped').map((each) => each.package),
  )
  if (excepted.size === 0) return 'All packages load'
  return packages.every((each) => excepted.has(each.package)) ? 'Everything else loads' : 'All other packages load'
}

function nameOf({package: name, version}: CheckedPackage): string {
  return version === null ? name : `${name}@${version}`
}
