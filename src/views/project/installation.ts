import {printable} from '@apkg/command-kit'

import type {AddReport, NewScope} from '../../project/installation/add-packages.js'
import type {InstallReport} from '../../project/installation/install-graph.js'
import {installResult, type InstallResult} from '../../project/installation/install-result.js'
import {lockfileName} from '../../catalog/lockfile/lockfile.js'
import type {StatusReport} from '../../project/installation/status-report.js'
import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import {counted} from '../counted.js'
import {grouped} from '../grouped.js'
import type {InstallationView} from './installation-view.js'
import {listed} from '../listed.js'

export const installationView: InstallationView<InstallReport | AddReport, InstallResult> = {
  warnings: installationWarnings,
  notes: installationNotes,
  lines: addedPackages,
  outcome: installResult,
}

/** What the user should act on after an installation, one sentence each. */
export function installationWarnings({
  warnings,
  deprecated,
  signatures,
  status,
}: Pick<InstallReport, 'warnings' | 'deprecated' | 'signatures'> & {status?: StatusReport}): string[] {
  return [
    ...warnings,
    ...(status ? statusWarnings(status) : []),
    ...signatureWarnings(signatures),
    ...deprecated.map(({name, version, message}) => `${name}@${version} is deprecated: ${printable(message)}`),
  ]
}

function statusWarnings({takenDown, compromised}: StatusReport): string[] {
  return [
    ...takenDown.map(
      ({version, reason}) =>
        `${version} is installed, but was taken down by the registry: ${reason}. \`apkg install\` shows how to replace it`,
    ),
    ...compromised.map(
      ({version, keyId, revokedAt}) =>
        `${version} is signed by ${keyId}, which was revoked as compromised${revokedAt === null ? '' : ` on ${revokedAt}`}`,
    ),
  ]
}

function signatureWarnings({unsigned, unchecked, changed}: SignatureReport): string[] {
  return [
    ...unsignedWarning(unsigned),
    ...unverifiedWarning(unchecked, 'offline or registry unreachable'),
    ...changed.map(
      ({name, version, before, after}) =>
        `${name}@${version} is signed by ${after}, but the previous version was signed by ${before}`,
    ),
  ]
}

function unsignedWarning(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const problem = names.length === 1 ? 'is not signed by its author' : 'are not signed by their authors'
  return [`${counted(names.length, 'package')} ${problem}: ${listed(names)}`]
}

function unverifiedWarning(names: readonly string[], reason: string): string[] {
  if (names.length === 0) return []
  return [
    `${counted(names.length, 'package')} ${names.length === 1 ? 'was' : 'were'} not verified (${reason}): ${listed(names)}`,
  ]
}

/** Summarizes an installation. @param milliseconds how long it took. */
export function installationNotes(report: InstallReport | AddReport, milliseconds: number): string {
  const {installed, removed, unchanged, unmanaged, linked, signatures} = report
  const seconds = `${(milliseconds / 1000).toFixed(1)}s`
  const lines = 'added' in report ? additionLines(report) : []
  if (installed.length > 0) lines.push(`Installed ${counted(installed.length, 'package')} in ${seconds}`)
  if (removed.length > 0)
    lines.push(
      `Removed ${counted(removed.length, 'package')} that ${removed.length === 1 ? 'is' : 'are'} no longer needed`,
    )
  if (installed.length + removed.length === 0 && (unchanged > 0 || linked.length === 0)) {
    lines.push(
      unchanged > 0 ? `Up to date: ${counted(unchanged, 'package')} in ${seconds}` : 'No dependencies to install.',
    )
  }
  const {length: unrecorded} = signatures.unrecorded
  if (unrecorded > 0) {
    lines.push(`Signatures not verified: ${lockfileName} records no signer for ${counted(unrecorded, 'package')}`)
  }
  if (unmanaged.length > 0) lines.push(`Kept (not installed by apkg): ${unmanaged.map(printable).join(', ')}`)
  return [...lines, ...linkNotes(report)].join('\n')
}

/** The packages that are, or were, linked, a line each. */
export function linkNotes({linked, unlinked}: Pick<InstallReport, 'linked' | 'unlinked'>): string[] {
  return [
    ...linked.map(({name, path}) => `Skipped linked package: ${name} → ${printable(path)}`),
    ...unlinked.map(({name, path}) => `Unlinked ${name} (was linked to ${printable(path)})`),
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

/** Who publishes the first packages of a scope in this project. */
function newScopeLine(added: readonly [NewScope, ...NewScope[]]): string {
  const published = grouped(added, publishersOf).map((alike) => {
    const names = alike.map(({name}) => name).join(', ')
    return `${names} ${alike.length === 1 ? 'is' : 'are'} published by ${publishersOf(alike[0])}`
  })
  return `New scope ${added[0].scope}: ${published.join('; ')}`
}

function publishersOf({publishers}: NewScope): string {
  return publishers.length > 0 ? printable(publishers.join(', ')) : 'an unknown publisher'
}

/** Details of the packages that were added; empty for an installation of the manifest's dependencies. */
function addedPackages(report: InstallReport | AddReport): string {
  if (!('added' in report)) return ''
  return report.added
    .map(
      ({range, location, integrity}) => `Range: ${range}\nLocation: ${printable(location)}\nIntegrity: ${integrity}\n`,
    )
    .join('')
}
