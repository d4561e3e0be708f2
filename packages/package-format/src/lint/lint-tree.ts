import {posix} from 'node:path'

import {FrontmatterProblem, parseMarkdown, textOf, type Markdown, type PackageFile} from '../conversion.js'
import {checkOptionalFields, checkRequiredFields} from './check-frontmatter.js'
import {checkLength} from './check-length.js'
import {checkReferences} from './check-references.js'
import {checkTemplate} from './check-template.js'
import {checkHiddenCharacters, checkShebang} from './check-texts.js'
import {rootContaining, type DefinitionPlace} from './definition-places.js'
import {compareFindings, finding, type Finding} from './finding.js'
import {misspelledLimitFindings} from './lint-package.js'
import {pathsIn} from './paths-in.js'

/**
 * Checks the definitions in a directory that isn't a package, as tools would read them there: skills against the Agent
 * Skills specification, and skills and agents against what makes tools skip them.
 *
 * @param places from `definitionPlaces`.
 * @param files by their paths in the directory. Files that belong to no place need no content.
 * @param name of the directory; undefined if a skill in it may have another.
 * @see https://agentskills.io/specification, 2026-08-09
 */
export function lintTree(
  places: readonly DefinitionPlace[],
  files: readonly PackageFile[],
  name: string | undefined,
): Finding[] {
  const groups = filesByRoot(places, files)
  const all = pathsIn('', files)
  const texts = [...groups.values()].flat().flatMap((file) => [...checkHiddenCharacters(file), ...checkShebang(file)])
  const definitions = places.flatMap((place) => {
    const own = groups.get(place.root) ?? []
    const file = own.find(({path}) => path === place.path)
    return file ? lintDefinition({...place, file, own, all, name}) : []
  })
  return [...texts, ...definitions].sort(compareFindings)
}

function filesByRoot(places: readonly DefinitionPlace[], files: readonly PackageFile[]): Map<string, PackageFile[]> {
  const roots = new Set(places.map(({root}) => root))
  const groups = new Map<string, PackageFile[]>()
  for (const file of files) {
    const root = rootContaining(file.path, roots)
    if (root === undefined) continue
    const group = groups.get(root)
    if (group) group.push(file)
    else groups.set(root, [file])
  }
  return groups
}

interface PlacedDefinition extends DefinitionPlace {
  file: PackageFile
  /** The files of the skill. */
  own: readonly PackageFile[]
  /** The paths of all files and directories. */
  all: ReadonlySet<string>
  name: string | undefined
}

function lintDefinition({type, path, root, isNameRequired, file, own, all, name}: PlacedDefinition): Finding[] {
  const markdown = read(file)
  if (markdown instanceof FrontmatterProblem) {
    const message = `The frontmatter is invalid: ${markdown.message}`
    return [finding('frontmatter-invalid', path, message, {line: markdown.line, column: 1})]
  }
  const definition = {type, file, markdown}
  const directory = root === '' ? name : root.split('/').at(-2)
  const existsOutside = (relative: string) => {
    const target = posix.join(root, relative)
    return target.startsWith('..') || target === '.' || all.has(target) || all.has(`${target}/`)
  }
  return [
    ...fileName(path, type),
    ...(type === 'skill' || type === 'agent' ? checkRequiredFields(definition, {directory, isNameRequired}) : []),
    ...(type === 'skill' ? checkOptionalFields(definition) : []),
    ...checkLength(definition),
    ...checkTemplate(definition),
    ...misspelledLimitFindings({type, definitions: [{stem: '', file, markdown}]}, []),
    ...(type === 'skill' ? checkReferences({...definition, type, root, paths: pathsIn(root, own), existsOutside}) : []),
  ]
}

function read(file: PackageFile): Markdown | FrontmatterProblem {
  try {
    return parseMarkdown(textOf(file))
  } catch (error) {
    if (error instanceof FrontmatterProblem) return error
    throw error
  }
}

function fileName(path: string, type: string): Finding[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (type !== 'skill' || name === 'SKILL.md') return []
  return [finding('skill-file-name', path, `Tools look for SKILL.md, and don't find ${name}. Rename it`)]
}
