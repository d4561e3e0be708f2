import {printable} from '@apkg/command-kit'

import type {PackageInfo, VersionInfo, VersionSummary} from '../../catalog/packument/package-info.js'
import {byteSize} from '../byte-size.js'

/** A package and one of its versions, in blocks of facts. Unknown facts are left out. */
export function packageInfoText(info: PackageInfo): string {
  const {name, version, maintainers, distTags, versions} = info
  const blocks = [
    [
      version ? `${name}@${version.version}` : name,
      info.description ?? '',
      ...fact('Deprecated', info.deprecated),
      ...fact('This version is deprecated', version?.deprecated),
      ...(version?.yanked === true ? ['This version is yanked'] : []),
    ].filter((line) => line !== ''),
    [...fact('Visibility', info.visibility), ...(version ? versionFacts(version) : [])],
    [`Readme: ${info.hasReadme ? 'yes' : 'no'}`],
    section('Dependencies', version?.dependencies ?? {}),
    section('Dist-Tags', distTags),
    versions.length > 0 ? ['Versions:', ...versions.map((each) => `  ${versionLine(each)}`)] : ['Versions: none'],
    [
      ...fact(
        'Maintainers',
        maintainers.map(({username, role}) => (role ? `${username} (${role})` : username)).join(', '),
      ),
      ...fact('Created', info.createdAt),
      ...fact('Updated', info.updatedAt),
    ],
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${printable(line)}\n`).join(''))
    .join('\n')
}

function versionFacts(version: VersionInfo): string[] {
  return [
    ...fact('Type', version.type),
    ...fact('License', version.license),
    ...fact('Origin', version.origin),
    ...fact('Targets', version.targets.join(', ')),
    ...fact('Keywords', version.keywords.join(', ')),
    ...fact('Repository', version.repository),
    ...fact('Homepage', version.homepage),
    ...fact('Published', version.publishedAt),
    ...fact('Published by', version.publishedBy),
    ...fact('Size', version.size === null ? null : byteSize(version.size)),
    ...fact('Unpacked size', version.unpackedSize === null ? null : byteSize(version.unpackedSize)),
    ...fact('Files', version.fileCount === null ? null : String(version.fileCount)),
    ...fact('Integrity', version.integrity),
  ]
}

/** For example `1.2.0 [skill] 2026-11-23 (yanked)`. */
function versionLine({version, type, publishedAt, yanked, deprecated}: VersionSummary): string {
  return [
    version,
    ...(type === null ? [] : [`[${type}]`]),
    ...(publishedAt === null ? [] : [publishedAt.slice(0, 10)]),
    ...(yanked ? ['(yanked)'] : []),
    ...(deprecated === null ? [] : [`(deprecated: ${deprecated})`]),
  ].join(' ')
}

function fact(label: string, value: string | null | undefined): string[] {
  return value ? [`${label}: ${value}`] : []
}

function section(title: string, entries: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(entries).sort()
  const width = names.reduce((widest, name) => Math.max(widest, name.length), 0)
  return names.length > 0
    ? [`${title}:`, ...names.map((name) => `  ${name.padEnd(width)}  ${entries[name] ?? ''}`)]
    : []
}
