import {lstatSync, realpathSync} from 'node:fs'
import path from 'node:path'

import {sharedSkills, type ToolFormat} from '@apkg/package-format/conversion'

/** Returns the path in a project, relative, with forward slashes, at which a path really is. */
export type RealPath = (file: string) => string

/** Directories in a project that are not for tools: a link to them is not followed. */
const closed = new Set(['.git', 'apkg_packages', 'node_modules'])

/**
 * Follows the links among a project's directories, such as `.claude/skills` to `.agents/skills`. A link that leaves the
 * project, or leads to nothing, is not followed, and its path stays as it is.
 *
 * @param project the project's directory, absolute.
 */
export function realPathsIn(project: string): RealPath {
  const known = new Map<string, string>()
  const follow = (folder: string): string => {
    if (folder === '.') return folder
    const found =
      known.get(folder) ??
      realFolder(project, path.posix.join(follow(path.posix.dirname(folder)), path.posix.basename(folder)))
    known.set(folder, found)
    return found
  }
  return (file) => {
    const end = file.lastIndexOf('/')
    const folder = file.slice(0, Math.max(0, end))
    // Most directories are no links.
    if (known.get(folder) === folder) return file
    return path.posix.join(follow(path.posix.dirname(file)), path.posix.basename(file))
  }
}

/** The path of a directory whose own parents aren't links. */
function realFolder(project: string, folder: string): string {
  try {
    if (!lstatSync(path.join(project, folder)).isSymbolicLink()) return folder
    const target = path.relative(realpathSync(project), realpathSync(path.join(project, folder))).split(path.sep)
    const [first = ''] = target
    const isWithin = first !== '' && first !== '..' && !path.isAbsolute(target.join(path.sep))
    return isWithin && !target.some((each) => closed.has(each.toLowerCase())) ? target.join('/') : folder
  } catch {
    return folder
  }
}

/**
 * The formats of tools in a project with links: a tool whose directory of skills is `.agents/skills` shares the skills
 * there, and a tool whose directory is that of another tool reads what the other one gets.
 */
export function linkedFormats(formats: readonly ToolFormat[], realPath: RealPath): ToolFormat[] {
  const place = (folder: string) => realPath(`${folder}/SKILL.md`)
  return formats.map((format) => {
    const {skills, alsoReads} = format
    const {folder, honors} = skills
    if (folder === undefined) return format
    if (place(folder) === place(sharedSkills)) {
      const {honorsShared = honors} = skills
      return {...format, skills: {...skills, folder: undefined, isShared: true, honorsShared}}
    }
    const same = formats.flatMap(({name, skills: {folder: other}}) =>
      name !== format.name && other !== undefined && other !== folder && place(other) === place(folder) ? [other] : [],
    )
    if (same.length === 0) return format
    return {...format, alsoReads: {...alsoReads, ...Object.fromEntries(same.map((other) => [other, honors]))}}
  })
}
