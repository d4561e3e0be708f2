import {printable, printableLines} from '@apkg/command-kit'

import type {AddReport, NewScope} from '../../project/installation/add-packages.js'
import type {InstallReport} from '../../project/installation/install-graph.js'
import {installResult, type InstallResult} from '../../project/installation/install-result.js'
import {lockfileName} from '../../catalog/lockfile/lockfile.js'
import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import {grouped} from '../grouped.js'
import type {InstallationView} from './installation-view.js'
import {listed} from '../listed.js'

export const installationView: InstallationView<InstallReport | AddReport, InstallResult> = {
  warnings: installationWarnings,
  notes: installationNotes,
  lines: addedPackages,
  outcome: installResult,
}

/** What the user should act on after an installation, a sentence each. */
export function installationWarnings({
  warnings,
  deprecated,
  signatures,
}: Pick<InstallReport, 'warnings' | 'deprecated' | 'signatures'>): string[] {
  return [
    ...warnings,
    ...signatureWarnings(signatures),
    ...deprecated.map(({name, version, message}) => `${name}@${version} is deprecated: ${printableLines(message)}`),
  ]
}

function signatureWarnings({unsigned, unrecorded, unchecked, changed}: SignatureReport): string[] {
  return [
    ...(unsigned.length > 0 ? [`Not signed by ${authors(unsigned)}: ${listed(unsigned)}`] : []),
    ...(unrecorded.length > 0
      ? [`Not verified, since ${lockfileName} has no signer of ${those(unrecorded)}: ${listed(unrecorded)}`]
      : []),
    ...(unchecked.length > 0
      ? [`The registry could not be asked, so these signatures were not verified: ${listed(unchecked)}`]
      : []),
    ...changed.map(
      ({name, version, before, after}) =>
        `${name}@${version} is signed by ${after}, and what was installed before by ${before}`,
    ),
  ]
}

function authors({length}: readonly string[]): string {
  return length === 1 ? 'its author' : 'their authors'
}

function those({length}: readonly string[]): string {
  return length === 1 ? 'it' : 'them'
}

/** What is said of an installation beside its result. @param milliseconds how long it took. */
export function installationNotes(report: InstallReport | AddReport, milliseconds: number): string {
  const {installed, removed, unchanged, foreign, linked} = report
  const seconds = `${(milliseconds / 1000).toFixed(1)}s`
  const lines = 'added' in report ? additionLines(report) : []
  if (installed.length > 0) lines.push(`Installed ${packages(installed.length)} in ${seconds}`)
  if (removed.length > 0) lines.push(`Removed ${packages(removed.length)} that nothing needs any more`)
  if (installed.length + removed.length === 0 && (unchanged > 0 || linked.length === 0)) {
    lines.push(unchanged > 0 ? `Up to date: ${packages(unchanged)} in ${seconds}` : 'No dependencies to install.')
  }
  if (foreign.length > 0)
    lines.push(`Left as it is, since apkg did not install it: ${foreign.map(printable).join(', ')}`)
  return [...lines, ...linkNotes(report)].join('\n')
}

/** What is said of packages that are linked, or were. */
export function linkNotes({linked, unlinked}: Pick<InstallReport, 'linked' | 'unlinked'>): string[] {
  return [
    ...linked.map(({name, path}) => `Linked, so not installed: ${name} -> ${printable(path)}`),
    ...unlinked.map(({name, path}) => `Unlinked ${name}, which was linked to ${printable(path)}`),
  ]
}

function additionLines({added, newScopes, installed}: AddReport): string[] {
  const names = new Set(added.map(({name}) => name))
  const others = installed.filter(({name}) => !names.has(name)).length
  return [
    ...grouped(newScopes, ({scope}) => scope).map(newScopeLine),
    ...added.map(({name, version}) => `Added ${name}@${version}`),
    ...(others > 0 ? [`Also installed ${others} transitive ${others === 1 ? 'dependency' : 'dependencies'}`] : []),
  ]
}

/** Whose packages a new scope has, where these are the first of it. */
function newScopeLine(added: readonly [NewScope, ...NewScope[]]): string {
  const isOne = added.length === 1
  const published = grouped(added, publishersOf).map((alike) => {
    const which = alike.length < added.length ? namesOf(alike) : isOne ? 'it' : 'they'
    return `${which} ${alike.length === 1 ? 'is' : 'are'} published by ${publishersOf(alike[0])}`
  })
  const first = isOne ? 'is the first package' : 'are the first packages'
  return `${namesOf(added)} ${first} of ${added[0].scope} here; ${published.join('; ')}`
}

function namesOf(packages: readonly {name: string}[]): string {
  return packages.map(({name}) => name).join(', ')
}

function publishersOf({publishers}: NewScope): string {
  return publishers.length > 0 ? printable(publishers.join(', ')) : 'somebody whom the registry does not name'
}

/** What is told of packages that were asked for by name; nothing for an installation of what the manifest has. */
function addedPackages(report: InstallReport | AddReport): string {
  if (!('added' in report)) return ''
  return report.added
    .map(
      ({range, location, integrity}) => `Range: ${range}\nLocation: ${printable(location)}\nIntegrity: ${integrity}\n`,
    )
    .join('')
}

export function packages(count: number): string {
  return `${count} package${count === 1 ? '' : 's'}`
}
