import {manifestFile} from '@apkg/package-format'
import {unprintable} from '@apkg/wire'

import {definitionNames, skillNames} from './flat-name.js'
import {formatMarkdown, type Markdown} from './markdown.js'
import type {Definition, PlacedFile, Placement, SetUpPackage} from './tool.js'

/** The main file in a skill's directory. */
const skillFile = 'SKILL.md'

/** Characters; the maximum for a skill's description (Agent Skills specification), and more than any tool shows. */
const maxDescriptionLength = 1024

/**
 * Places a skill as the Agent Skills specification requires: `<folder>/<flat name>/SKILL.md` with all other files of the
 * package next to it. The name in its frontmatter is the name of its directory.
 *
 * @param folder where the tool looks for skills, one level deep.
 * @param omitted fields of the frontmatter that are not passed to the tool.
 */
export function skillFolder(folder: string, omitted: readonly string[] = []): (setUp: SetUpPackage) => Placement {
  return (setUp) => {
    const main = setUp.definitions.slice(0, 1)
    const {frontmatter = {}, body} = main[0]?.markdown ?? summaryOf(setUp)
    const markdown = {frontmatter: omit(frontmatter, omitted), body}
    return {files: skillFiles(`${folder}/${setUp.flatName}`, {name: setUp.flatName, markdown, without: main}, setUp)}
  }
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
    const {name: packageName, definitions} = setUp
    if (definitions.length < 2) return asOne(setUp)
    const names = skillNames(packageName, stemsOf(setUp))
    const files = definitions.flatMap(({markdown}, position) => {
      const name = names[position] ?? setUp.flatName
      return skillFiles(`${folder}/${name}`, {name, markdown, without: definitions}, setUp)
    })
    return {files}
  }
}

/** @param without the definitions to leave out of the directory. */
function skillFiles(
  folder: string,
  {name, markdown, without}: {name: string; markdown: Markdown; without: readonly Definition[]},
  setUp: SetUpPackage,
): PlacedFile[] {
  const frontmatter = {...markdown.frontmatter, name, description: describe(markdown, setUp)}
  const absent = new Set([manifestFile, ...without.map(({file}) => file.path)])
  const others = setUp.files.filter(({path}) => !absent.has(path) && !isSkillFile(path))
  return [
    {path: `${folder}/${skillFile}`, content: formatMarkdown({...markdown, frontmatter}), frontmatter},
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

/** Places a file for each definition of a package; a package without definitions gets a summary. */
export function definitionFiles({folder, extension, format}: DefinitionFormat): (setUp: SetUpPackage) => Placement {
  return (setUp) => {
    const {definitions, flatName} = setUp
    const markdowns = definitions.length > 0 ? definitions.map((each) => each.markdown) : [summaryOf(setUp)]
    const names = definitions.length > 0 ? definitionNames(flatName, stemsOf(setUp)) : [flatName]
    const files = markdowns.map((markdown, position): PlacedFile => {
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

/** Formats a definition as Markdown with the frontmatter that a function returns. */
export function withFrontmatter(
  fieldsOf: (own: Readonly<Record<string, unknown>>, named: Named) => object,
): DefinitionFormat['format'] {
  return ({frontmatter = {}, body}, named) => formatMarkdown({frontmatter: {...fieldsOf(frontmatter, named)}, body})
}

/** Formats a definition as Markdown without frontmatter. */
export function withoutFrontmatter({body}: Markdown): string {
  return formatMarkdown({frontmatter: undefined, body})
}

/** The fields with these names. */
export function pick(own: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => names.includes(name)))
}

/** All fields except those with these names. */
export function omit(own: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !names.includes(name)))
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

function summaryOf({name, version, description}: SetUpPackage): Markdown {
  return {frontmatter: undefined, body: `# ${name}\n\n${oneLine(description) || `Version ${version}`}\n`}
}
