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
import type {FileRefusal} from './try-file-operation.js'
import {unmanaged} from './write-tool-files.js'

/** The directories that hold tools' files. Windsurf's is from before it became Devin. */
const folders = [...new Set([...toolFormats.flatMap(foldersOf), '.windsurf'])]

const unrecorded: FileRefusal = {kind: 'unmanaged', reason: 'apkg has no record of what it created'}

export interface LeftoverSearch {
  /** Whether the ledger lists what apkg created. */
  hasLedger: boolean
  /** The names of the packages that the project still needs. */
  needed: readonly string[]
}

/**
 * Finds tool files and directories that are named like those of removed packages. If `apkg_packages` was deleted, and the
 * ledger with it, apkg cannot remove them, and tools keep loading them.
 *
 * @param project the project's directory, absolute.
 * @param packages names.
 */
export function findLeftovers(
  project: string,
  packages: readonly string[],
  {hasLedger, needed}: LeftoverSearch,
): LeftFile[] {
  const others = [...needed, ...packages].map(flatName)
  const isOf = (flat: string, name: string) =>
    isNamedAfter(flat, name) ||
    (!hasLedger && isSkillOf(flat, name) && !others.some((other) => isOther(other, flat, name)))
  const places = folders.flatMap((folder) => namesIn(project, folder).map((name) => `${folder}/${name}`))
  const found = places.flatMap((place) => namesIn(project, place).map((name) => ({name, path: `${place}/${name}`})))
  return packages.flatMap((name) =>
    found
      .filter((each) => isOf(flatName(name), each.name) && !isEmptyFolder(path.join(project, each.path)))
      .map((each) => ({path: each.path, package: name, ...(hasLedger ? unmanaged : unrecorded), isOrphan: true})),
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

/**
 * Whether a name looks like that of one of a package's definitions that became skills: see `skillNames`. The digits depend
 * on the name of a file that is gone.
 */
function isSkillOf(flat: string, name: string): boolean {
  const [, start = ''] = /^(.+)-[0-9a-f]{8}$/.exec(name) ?? []
  // Long names are truncated.
  return start.startsWith(`${flat}-`) || (start.length > 50 && flat.startsWith(start))
}

/** Whether a name more likely belongs to another package, such as `@acme/lint-css` and not `@acme/lint`. */
function isOther(other: string, flat: string, name: string): boolean {
  return isNamedAfter(other, name) || (other.length > flat.length && isSkillOf(other, name))
}

/** Whether a path is a directory without files, which no tool loads. */
function isEmptyFolder(place: string): boolean {
  try {
    return readdirSync(place, {recursive: true, withFileTypes: true}).every((each) => each.isDirectory())
  } catch {
    return false
  }
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
