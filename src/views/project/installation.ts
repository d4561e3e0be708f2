import {printable, success} from '@apkg/command-kit'

import type {AddedPackage, AddReport, NewScope} from '../../project/installation/add-packages.js'
import type {DeprecatedVersion} from '../../project/installation/deprecations.js'
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
    ...deprecated.flatMap(deprecationWarnings),
  ]
}

function deprecationWarnings({name, version, message, isYanked}: DeprecatedVersion): string[] {
  return [
    ...(isYanked
      ? [
          `${name}@${version} was yanked. It is installed because it is in ${lockfileName}; \`apkg update ${name}\` replaces it if apkg.json allows another version`,
        ]
      : []),
    ...(message === null ? [] : [`${name}@${version} is deprecated: ${printable(message)}`]),
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

function signatureWarnings({unsigned, unchecked, changed, downgraded = [], warnsUnsigned}: SignatureReport): string[] {
  return [
    ...(warnsUnsigned ? unsignedWarning(unsigned) : []),
    ...downgraded.map((version) => `${version} is not signed by its author, but the previous version was`),
    ...unverifiedWarning(unchecked, 'offline or registry unreachable'),
    ...changed.map(
      ({name, version, before, after}) =>
        `${name}@${version} is signed by ${after}, but the previous version was signed by ${before}`,
    ),
  ]
}

function unsignedWarning(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${unsignedCount(names)}: ${listed(names)}`]
}

function unsignedCount({length}: readonly string[]): string {
  return `${counted(length, 'package')} ${length === 1 ? 'is not signed by its author' : 'are not signed by their authors'}`
}

function unverifiedWarning(names: readonly string[], reason: string): string[] {
  if (names.length === 0) return []
  return [
    `${counted(names.length, 'package')} ${names.length === 1 ? 'was' : 'were'} not verified (${reason}): ${listed(names)}`,
  ]
}

/** Summarizes an installation. @param milliseconds how long it took. */
export function installationNotes(report: InstallReport | AddReport, milliseconds: number): string {
  const {installed, removed, unchanged, unmanaged, linked} = report
  const seconds = `${(milliseconds / 1000).toFixed(1)}s`
  const lines = 'added' in report ? additionLines(report) : []
  if (installed.length > 0) lines.push(success(`Installed ${counted(installed.length, 'package')} in ${seconds}`))
  if (removed.length > 0)
    lines.push(
      `Removed ${counted(removed.length, 'package')} that ${removed.length === 1 ? 'is' : 'are'} no longer needed`,
    )
  const hasAdded = 'added' in report && report.added.length > 0
  if (installed.length + removed.length === 0 && !hasAdded && (unchanged > 0 || linked.length === 0)) {
    lines.push(
      unchanged > 0
        ? success(`Up to date: ${counted(unchanged, 'package')} in ${seconds}`)
        : 'No dependencies to install.',
    )
  }
  lines.push(...trustNote(report))
  if (unmanaged.length > 0) lines.push(`Kept (not installed by apkg): ${unmanaged.map(printable).join(', ')}`)
  return [...lines, ...linkNotes(report)].join('\n')
}

/** What is new or unsigned, a line each. It's normal, so it isn't a warning. */
export function trustNote(report: Pick<InstallReport, 'signatures'> | AddReport): string[] {
  const {unsigned, unrecorded, warnsUnsigned} = report.signatures
  const newScopes = 'newScopes' in report ? grouped(report.newScopes, ({scope}) => scope).map(newScopeText) : []
  const parts = [
    ...newScopes,
    ...(unsigned.length > 0 && !warnsUnsigned ? [unsignedCount(unsigned)] : []),
    ...(unrecorded.length > 0 && warnsUnsigned
      ? [`${lockfileName} records no signer for ${counted(unrecorded.length, 'package')}`]
      : []),
  ]
  return parts
}

/** The packages that are, or were, linked, a line each. */
export function linkNotes({linked, unlinked}: Pick<InstallReport, 'linked' | 'unlinked'>): string[] {
  return [
    ...linked.map(({name, path}) => `Skipped linked package: ${name} → ${printable(path)}`),
    ...unlinked.map(({name, path}) => `Unlinked ${name} (was linked to ${printable(path)})`),
  ]
}

function additionLines({added, installed, createdManifest}: AddReport): string[] {
  const names = new Set(added.map(({name}) => name))
  const others = installed.filter(({name}) => !names.has(name)).length
  return [
    ...(createdManifest ? [success(`Created apkg.json for ${printable(createdManifest.name)}`)] : []),
    ...added.map(({name, version}) => success(`Added ${name}@${version}`)),
    ...(others > 0 ? [`Also installed ${others} transitive ${others === 1 ? 'dependency' : 'dependencies'}`] : []),
  ]
}

/** Who publishes the first packages of a scope in this project. */
function newScopeText(added: readonly [NewScope, ...NewScope[]]): string {
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
  const {added} = report
  const titleOf = ({name, version}: AddedPackage) => (added.length > 1 ? `Package: ${name}@${version}\n` : '')
  return added
    .map(
      (each) =>
        `${titleOf(each)}Range: ${each.range}\nLocation: ${printable(each.location)}\nIntegrity: ${each.integrity}\n`,
    )
    .join('')
}
