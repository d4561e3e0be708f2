import {readdirSync} from 'node:fs'
import path from 'node:path'

import {
  flatName,
  isUnsupported,
  sharedSkills,
  toolFormats,
  type DefinitionFormat,
  type ToolFormat,
} from '@apkg/package-format/conversion'

import type {LeftFile} from './left-file.js'
import {unmanaged} from './write-tool-files.js'

/** The directories that hold tools' files. Windsurf's is from before it became Devin. */
const folders = [...new Set([...toolFormats.flatMap(foldersOf), '.windsurf'])]

/**
 * Finds tool files and directories that are named like those of removed packages. If `apkg_packages` was deleted, and the
 * ledger with it, apkg cannot remove them, and tools keep loading them.
 *
 * @param project the project's directory, absolute.
 * @param packages names.
 */
export function findLeftovers(project: string, packages: readonly string[]): LeftFile[] {
  const places = folders.flatMap((folder) => namesIn(project, folder).map((name) => `${folder}/${name}`))
  const found = places.flatMap((place) => namesIn(project, place).map((name) => ({name, path: `${place}/${name}`})))
  return packages.flatMap((name) =>
    found
      .filter((each) => isNamedAfter(flatName(name), each.name))
      .map((each) => ({path: each.path, package: name, ...unmanaged, isOrphan: true})),
  )
}

/** Files that were left, plus leftovers that are not among them. */
export function withLeftovers(left: LeftFile[], leftovers: readonly LeftFile[]): LeftFile[] {
  const isReported = (leftover: LeftFile) =>
    left.some(({path: file}) => file === leftover.path || file.startsWith(`${leftover.path}/`))
  return [...left, ...leftovers.filter((leftover) => !isReported(leftover))]
}

/** Whether a name is that of a package's only definition, or of one of several: see `definitionNames`. */
function isNamedAfter(flat: string, name: string): boolean {
  return name === flat || name.startsWith(`${flat}.`) || name.startsWith(`${flat}--`)
}

function namesIn(project: string, folder: string): string[] {
  try {
    return readdirSync(path.join(project, folder)).sort()
  } catch {
    return []
  }
}

function foldersOf({skills, agents, commands, rules}: ToolFormat): string[] {
  const formats = [agents, commands, rules].filter((format) => format !== 'skills' && !isUnsupported(format))
  const paths = [...formats.map((format) => (format as DefinitionFormat).folder), skills.folder ?? sharedSkills]
  return paths.map((each) => each.split('/')[0] ?? each)
}
