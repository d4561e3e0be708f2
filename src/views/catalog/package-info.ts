import {byteSize, printable, type Screen, timesOn} from '@apkg/command-kit'
import {isPrerelease} from '@apkg/package-format'

import type {PackageInfo, VersionInfo, VersionSummary} from '../../catalog/packument/package-info.js'
import type {VersionSignature} from '../../trust/signatures/version-signature.js'
import type {VersionSource} from '../../trust/signatures/version-source.js'
import {type Fact, factLines, labelWidth} from '../facts.js'
export {installCommand} from '../../catalog/install-command.js'
import {jobFacts, jobName} from '../account/job-name.js'

/** A package and one of its versions, in blocks of facts. Unknown facts are left out. */
export function packageInfoText(
  info: PackageInfo & {source?: VersionSource | null; signature?: VersionSignature | null; install?: string},
  screen: Screen,
  now: Date,
): string {
  const time = timesOn(screen, now)
  const {name, version, maintainers, distTags, versions} = info
  const blocks: (string | Fact)[][] = [
    [
      version ? `${name}@${version.version}` : name,
      info.description ?? '',
      ...(info.deprecated ? [`Deprecated: ${info.deprecated}`] : []),
      ...(version?.deprecated ? [`This version is deprecated: ${version.deprecated}`] : []),
      ...(version?.yanked === true ? [yankedLine(info)] : []),
    ].filter((line) => line !== ''),
    fact('Install', info.install),
    [
      ...fact('Visibility', info.visibility),
      ...(version ? versionFacts(version, time) : []),
      ...fact('Signed by', info.signature && signedBy(info.signature)),
    ],
    ...(info.source ? [sourceLines(info.source)] : []),
    fact('Readme', info.hasReadme ? 'yes' : 'no'),
    section('Dependencies', version?.dependencies ?? {}),
    section('Dist-Tags', distTags),
    versions.length > 0
      ? [
          'Versions:',
          ...versions.map((each) => `  ${versionLine(each, (at) => (screen.isTerminal ? time(at) : at.slice(0, 10)))}`),
        ]
      : ['Versions: none'],
    [
      ...fact(
        'Maintainers',
        maintainers.map(({username, role}) => (role ? `${username} (${role})` : username)).join(', '),
      ),
      ...fact('Created', info.createdAt && time(info.createdAt)),
      ...fact('Updated', info.updatedAt && time(info.updatedAt)),
    ],
  ]
  const width = labelWidth(blocks.flat().filter((line) => typeof line !== 'string'))
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${shownLine(line, screen, width)}\n`).join(''))
    .join('\n')
}

function shownLine(line: string | Fact, screen: Screen, width: number): string {
  if (typeof line === 'string') return printable(line)
  const [label, value] = line
  return factLines([[label, printable(value)]], screen, width).join('')
}

function versionFacts(version: VersionInfo, time: (text: string) => string): Fact[] {
  return [
    ...fact('Type', version.type),
    ...fact('License', version.license),
    ...fact('Origin', version.origin),
    ...fact('Targets', version.targets.join(', ')),
    ...fact('Keywords', version.keywords.join(', ')),
    ...fact('Repository', version.repository),
    ...fact('Homepage', version.homepage),
    ...fact('Published', version.publishedAt && time(version.publishedAt)),
    ...fact('Published by', version.publishedBy),
    ...fact('Size', version.size === null ? null : byteSize(version.size)),
    ...fact('Unpacked size', version.unpackedSize === null ? null : byteSize(version.unpackedSize)),
    ...fact('Files', version.fileCount === null ? null : String(version.fileCount)),
    ...fact('Integrity', version.integrity),
  ]
}

function signedBy({status, signer, username}: VersionSignature): string {
  if (status === 'verified') return `${signer ?? ''}${username === null ? '' : ` (${username})`}`
  return {
    unsigned: 'no one',
    invalid: 'INVALID SIGNATURE (installing it is refused)',
    unchecked: 'not verified while offline',
  }[status]
}

/** Names the version that is installed instead by default, if there is one. */
function yankedLine({versions, distTags}: PackageInfo): string {
  const usable = versions.filter(({yanked}) => !yanked)
  const latest = usable.find(({version}) => version === distTags['latest'])
  const other = latest ?? usable.find(({version}) => !isPrerelease(version)) ?? usable[0]
  return `This version is yanked${other === undefined ? '' : `. \`apkg add\` installs ${other.version}`}`
}

/** The CI job that published the version. Only a verified one is shown as a fact. */
function sourceLines(source: VersionSource): string[] {
  const title = {
    verified: 'Source, attested by the registry:',
    invalid: "Source, NOT attested by the registry (don't rely on it):",
    unchecked: 'Source, not verified while offline:',
  }[source.status]
  return [title, `  ${jobName(source)}`, ...jobFacts(source).map(([label, value]) => `  ${label}: ${value}`)]
}

/** For example `1.2.0 [skill] 2026-11-23 (yanked)`. */
function versionLine(
  {version, type, publishedAt, yanked, deprecated}: VersionSummary,
  time: (text: string) => string,
): string {
  return [
    version,
    ...(type === null ? [] : [`[${type}]`]),
    ...(publishedAt === null ? [] : [time(publishedAt)]),
    ...(yanked ? ['(yanked)'] : []),
    ...(deprecated === null ? [] : [`(deprecated: ${deprecated})`]),
  ].join(' ')
}

function fact(label: string, value: string | null | undefined): Fact[] {
  return value ? [[label, value]] : []
}

function section(title: string, entries: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(entries).sort()
  const width = names.reduce((widest, name) => Math.max(widest, name.length), 0)
  return names.length > 0
    ? [`${title}:`, ...names.map((name) => `  ${name.padEnd(width)}  ${entries[name] ?? ''}`)]
    : []
}

/** What `--readme` shows instead of a readme. */
export function missingReadme(
  {name, version}: Pick<PackageInfo, 'name' | 'version'>,
  definition: {path: string; count: number} | null,
): string {
  const missing = `${name} has no readme.`
  if (!definition || !version) return missing
  const {path, count} = definition
  const position = count === 1 ? 'its definition' : `the first of its ${count} definitions`
  return `${missing} This is ${printable(path)} of ${version.version}, ${position}:`
}

/** A readme, with control characters escaped. */
export function readmeText(readme: string): string {
  const lines = readme.replace(/\r\n?/g, '\n').trimEnd().split('\n')
  return readme === '' ? '' : lines.map((line) => `${line.split('\t').map(printable).join('\t')}\n`).join('')
}
