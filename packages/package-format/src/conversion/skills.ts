import {manifestFile} from '@apkg/package-format'
import {formatMarkdown, hasHiddenCharacters, rewriteMarkdown, type Markdown} from '@apkg/package-format/conversion'
import {unprintable} from '@apkg/wire'

import {definitionNames, skillNames} from './flat-name.js'
import type {Definition, PackageFile, PlacedFile, Placement, SetUpPackage} from './tool.js'

/** The main file in a skill's directory. */
const skillFile = 'SKILL.md'

/** Characters; the maximum for a skill's description (Agent Skills specification), and more than any tool shows. */
const maxDescriptionLength = 1024

/**
 * Places a skill as the Agent Skills specification requires: `<folder>/<flat name>/SKILL.md` with all other files of the
 * package next to it. The name in its frontmatter is the name of its directory.
 *
 * @param folder where the tool looks for skills, one level deep.
 */
export function skillFolder(folder: string, options: SkillOptions = {}): (setUp: SetUpPackage) => Placement {
  return (setUp) => {
    const [main, ...others] = setUp.definitions
    if (main === undefined) return {files: []}
    if (setUp.type === 'skill' && others.length > 0) return severalSkills(folder, options, setUp)
    const files = setUp.files.filter((file) => file !== main.file)
    return {files: skillFiles(`${folder}/${setUp.flatName}`, {name: setUp.flatName, main, files, ...options}, setUp)}
  }
}

/** Places the skills of a package that has several: each directory below `skills/` is one. */
function severalSkills(folder: string, options: SkillOptions, setUp: SetUpPackage): Placement {
  return eachAsSkill(folder, options, setUp, (main) => {
    const directory = `skills/${main.stem}/`
    return setUp.files
      .filter((file) => file !== main.file && file.path.startsWith(directory))
      .map((file) => ({...file, path: file.path.slice(directory.length)}))
  })
}

/**
 * Places each definition of a package as a skill of its own, because tools load one skill per directory, with the files
 * that are not definitions next to it.
 *
 * @param folder as for `skillFolder`.
 */
export function skillFolders(folder: string): (setUp: SetUpPackage) => Placement {
  const asOne = skillFolder(folder)
  return (setUp) => {
    const {definitions} = setUp
    if (definitions.length < 2) return asOne(setUp)
    const files = setUp.files.filter((file) => !definitions.some((each) => each.file === file))
    return eachAsSkill(folder, {}, setUp, () => files)
  }
}

/** @param filesOf the other files of each skill, by their paths in its directory. */
function eachAsSkill(
  folder: string,
  options: SkillOptions,
  setUp: SetUpPackage,
  filesOf: (main: Definition) => readonly PackageFile[],
): Placement {
  const names = skillNames(setUp.name, stemsOf(setUp))
  const files = setUp.definitions.flatMap((main, position) => {
    const name = names[position] ?? setUp.flatName
    return skillFiles(`${folder}/${name}`, {name, main, files: filesOf(main), ...options}, setUp)
  })
  return {files}
}

interface Skill extends SkillOptions {
  name: string
  main: Definition
  /** The other files, by their paths in the skill's directory. */
  files: readonly PackageFile[]
}

/** What a tool makes of a skill. */
interface SkillOptions {
  /** Fields of the frontmatter that are not passed to the tool. */
  omitted?: readonly string[]
  /** Whether the tool reads descriptions that are longer than the Agent Skills specification allows. */
  isLongAllowed?: boolean
}

function skillFiles(
  folder: string,
  {name, main, files, omitted = [], isLongAllowed = false}: Skill,
  setUp: SetUpPackage,
): PlacedFile[] {
  const {markdown} = main
  const isKept = hasDescription(markdown) && (isLongAllowed || !isTooLong(markdown))
  const changes = {name, ...(!isKept && {description: describe(markdown, setUp)})}
  const frontmatter = {...omit(markdown.frontmatter ?? {}, omitted), ...changes}
  const others = files.filter(({path}) => path !== manifestFile && !isSkillFile(path))
  return [
    {path: `${folder}/${skillFile}`, content: rewriteMarkdown(markdown, changes, omitted), frontmatter},
    ...others.map((file) => ({...file, path: `${folder}/${file.path}`})),
  ]
}

/** Whether a path, or a directory in it, is SKILL.md on a case-insensitive file system. */
function isSkillFile(path: string): boolean {
  return /^skill\.md(\/|$)/i.test(path)
}

/** How a definition becomes a file. */
export interface DefinitionFormat {
  /** Where the tool looks, not recursively. */
  folder: string
  /** With the dot. */
  extension: string
  format: (definition: Markdown, named: Named) => string
}

/** The name and description under which a tool shows a definition. */
export interface Named {
  /** The name of the file, without its extension. */
  name: string
  /** One line. */
  description: string
}

/** Places a file for each definition of a package. */
export function definitionFiles({folder, extension, format}: DefinitionFormat): (setUp: SetUpPackage) => Placement {
  return (setUp) => {
    const {definitions, flatName} = setUp
    const names = definitionNames(flatName, stemsOf(setUp))
    const files = definitions.map(({markdown}, position): PlacedFile => {
      const name = names[position] ?? flatName
      const description = describe(markdown, setUp)
      const content = format(markdown, {name, description})
      return {path: `${folder}/${name}${extension}`, content, frontmatter: markdown.frontmatter}
    })
    return {files}
  }
}

function stemsOf({definitions}: SetUpPackage): string[] {
  return definitions.map(({stem}) => stem)
}

/**
 * Formats a definition as it was written, except for the omitted fields. It gets a description if it has none.
 *
 * @param isNamed whether the tool takes its name from the frontmatter.
 */
export function asWritten({
  isNamed = false,
  omitted,
}: {
  isNamed?: boolean
  omitted: readonly string[]
}): DefinitionFormat['format'] {
  return (markdown, {name, description}) => {
    const changes = {...(isNamed && {name}), ...(!hasDescription(markdown) && {description})}
    return rewriteMarkdown(markdown, changes, omitted)
  }
}

/** Whether its description can be shown as it is. */
function hasDescription({frontmatter}: Markdown): boolean {
  const own = frontmatter?.['description']
  return typeof own === 'string' && own.trim() !== '' && !hasHiddenCharacters(own)
}

/** Formats a definition as Markdown with the frontmatter that a function returns. */
export function withFrontmatter(
  fieldsOf: (own: Readonly<Record<string, unknown>>, named: Named) => object,
): DefinitionFormat['format'] {
  return ({frontmatter = {}, body}, named) => formatMarkdown({...fieldsOf(frontmatter, named)}, body)
}

/** Formats a definition as Markdown without frontmatter. */
export function withoutFrontmatter({body}: Markdown): string {
  return formatMarkdown({}, body)
}

/** The fields with these names. */
export function pick(own: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => names.includes(name)))
}

/** All fields except those with these names. */
export function omit(own: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !names.includes(name)))
}

function isTooLong({frontmatter}: Markdown): boolean {
  return [...String(frontmatter?.['description'])].length > maxDescriptionLength
}

/** The definition's description, else the package's, else the package's name. */
function describe({frontmatter}: Markdown, {description, name}: SetUpPackage): string {
  const [text = name] = [frontmatter?.['description'], description].map(oneLine).filter((line) => line !== '')
  return [...text].slice(0, maxDescriptionLength).join('')
}

const blank = new RegExp(`(?:\\s|${unprintable.source})+`, 'gu')

/** Empty for anything but a string. */
function oneLine(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(blank, ' ').trim() : ''
}
