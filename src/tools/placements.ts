import {manifestFile} from '@apkg/package-format'
import {unprintable} from '@apkg/wire'

import {definitionNames, skillNames} from './flat-name.js'
import {formatMarkdown, type Markdown} from './markdown.js'
import type {Definition, PlacedFile, Placement, SetUpPackage} from './tool.js'

/** What a skill's folder has at its top. */
const skillFile = 'SKILL.md'

/** Characters; the longest description that a skill may have (Agent Skills specification), and more than any tool shows. */
const longestDescription = 1024

/**
 * A skill as the Agent Skills specification has it: `<folder>/<flat name>/SKILL.md` with every other file of the package
 * beside it. The name in its frontmatter is that of its folder, as the specification asks.
 *
 * @param folder where the tool looks for skills, in one level below.
 * @param omitted fields of the frontmatter that the tool shall not get.
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
 * A skill for each definition of a package, since a tool loads one of a folder, with every file beside it that defines
 * nothing.
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

/** @param without the definitions that do not lie beside this one. */
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

/** Whether a path, or a folder on its way, is SKILL.md to a file system that does not tell cases apart. */
function isSkillFile(path: string): boolean {
  return /^skill\.md(\/|$)/i.test(path)
}

/** How one file is made of a definition. */
export interface DefinitionFormat {
  /** Where the tool looks, in no level below. */
  folder: string
  /** With its dot. */
  extension: string
  format: (definition: Markdown, named: Named) => string
}

/** What a tool shows of a definition. */
export interface Named {
  /** The name of the file, without its extension. */
  name: string
  /** One line. */
  description: string
}

/** A file for each definition of a package; a package without one gets a summary of itself. */
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

/** A Markdown file with a frontmatter of the tool's own fields, and of those that it shares with others. */
export function withFrontmatter(
  fieldsOf: (own: Readonly<Record<string, unknown>>, named: Named) => object,
): DefinitionFormat['format'] {
  return ({frontmatter = {}, body}, named) => formatMarkdown({frontmatter: {...fieldsOf(frontmatter, named)}, body})
}

/** A Markdown file without frontmatter. */
export function withoutFrontmatter({body}: Markdown): string {
  return formatMarkdown({frontmatter: undefined, body})
}

/** The fields of these names, as far as they are there. */
export function pick(own: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => names.includes(name)))
}

/** All fields but those of these names. */
export function omit(own: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !names.includes(name)))
}

/** What a definition says of itself, else the package, else the package's name. */
function describe({frontmatter}: Markdown, {description, name}: SetUpPackage): string {
  const [text = name] = [frontmatter?.['description'], description].map(oneLine).filter((line) => line !== '')
  return [...text].slice(0, longestDescription).join('')
}

const blank = new RegExp(`(?:\\s|${unprintable.source})+`, 'gu')

/** Empty for what is no text. */
function oneLine(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(blank, ' ').trim() : ''
}

function summaryOf({name, version, description}: SetUpPackage): Markdown {
  return {frontmatter: undefined, body: `# ${name}\n\n${oneLine(description) || `Version ${version}`}\n`}
}
