import {manifestFile} from '../manifest/manifest.js'
import type {Conversion, ConvertedFile, ConvertiblePackage} from './converted.js'
import type {Definition} from './definitions.js'
import {limitsOfCommand, limitsOfSkill, withOwnFields, type FoundLimit, type SkillLimit} from './definition-limits.js'
import {skillNames} from './flat-name.js'
import {dangerousFields, omissions} from './grants.js'
import {rewriteMarkdown, type Markdown} from './markdown.js'
import {describe, hasDescription, maxDescriptionLength} from './named.js'
import {nestedSkills, type NestedSkill} from './nested-skills.js'
import {isOpenAiFile, openAiFile, openAiPolicy, whyUnreadable, withOpenAiPolicy} from './openai-file.js'
import type {PackageFile} from './package-files.js'
import {isUnsupported, sharedSkills, type SkillContent, type ToolFormat, type Unsupported} from './tool-format.js'

type Frontmatter = Readonly<Record<string, unknown>>

/** The main file in a skill's directory. */
const skillFile = 'SKILL.md'

/** The directory for a skill, or why there is none. */
export type SkillPlace = {folder: string} | Unsupported

/** A skill of a package, before it's written. */
interface Skill {
  /** The name of its directory. */
  name: string
  main: Definition
  /** Its directory in the package, with a slash at the end; empty for the root. */
  root: string
  /** The other files, by their paths in the skill's directory. */
  files: readonly PackageFile[]
}

/**
 * Converts the definitions of a package to skills, as the Agent Skills specification requires: `<folder>/<name>/SKILL.md`
 * with the other files next to it. The name in the frontmatter is the name of the directory.
 *
 * @see https://agentskills.io/specification
 */
export function convertSkills(
  source: ConvertiblePackage,
  tool: ToolFormat,
  placeOf: (skill: SkillContent) => SkillPlace,
): Conversion {
  const conversion: Conversion = {files: [], adjustments: [], refused: []}
  for (const skill of skillsOf(source)) {
    const content = contentOf(skill, source.type)
    const place = placeOf(content)
    const result = isUnsupported(place) ? place : convertSkill({...skill, content}, source, tool, place.folder)
    const definition = skill.main.file.path
    if (isUnsupported(result)) conversion.refused.push({definition, reason: result.unsupported})
    else {
      conversion.files.push(...result.files)
      conversion.adjustments.push(...result.adjustments.map((reason) => ({definition, reason})))
    }
  }
  return conversion
}

/** One skill with all files, or each in `skills/` with the files of its directory. */
function skillsOf({name, flatName, type, files, definitions}: ConvertiblePackage): Skill[] {
  const [main, ...more] = definitions
  if (main === undefined) return []
  const isAlone = !main.file.path.startsWith('skills/') || type !== 'skill'
  if (more.length === 0) {
    return isAlone
      ? [{name: flatName, main, root: '', files: others(files, [main])}]
      : [{name: flatName, main, root: directoryOf(main), files: ownFiles(main, files)}]
  }
  const names = skillNames(
    name,
    definitions.map(({stem}) => stem),
  )
  return definitions.map((each, position) => ({
    name: names[position] ?? flatName,
    main: each,
    root: type === 'skill' ? directoryOf(each) : '',
    // The scripts of commands are next to them, but each skill only sees its own directory.
    files: type === 'skill' ? ownFiles(each, files) : others(files, definitions),
  }))
}

function others(files: readonly PackageFile[], definitions: readonly Definition[]): PackageFile[] {
  return files.filter((file) => !definitions.some((each) => each.file === file))
}

function directoryOf({stem}: Definition): string {
  return `skills/${stem}/`
}

function ownFiles(main: Definition, files: readonly PackageFile[]): PackageFile[] {
  const directory = directoryOf(main)
  return files
    .filter((file) => file !== main.file && file.path.startsWith(directory))
    .map((file) => ({...file, path: file.path.slice(directory.length)}))
}

function contentOf({main: {markdown}, files}: Skill, type: ConvertiblePackage['type']): SkillContent {
  const openAiFiles = files.filter(({path}) => isOpenAiFile(path))
  const nested = nestedSkills(files).map(
    ({file: {path}, markdown: text}) =>
      [path, text && contentOfNested(text, withOpenAiPolicy(text.frontmatter, path, openAiFiles))] as const,
  )
  const frontmatter = withOpenAiPolicy(markdown.frontmatter, skillFile, openAiFiles)
  const limits = type === 'command' ? limitsOfCommand(frontmatter) : limitsOfSkill(frontmatter)
  const paths = files.map(({path}) => path)
  return {frontmatter, body: markdown.body, limits, paths, openAiFiles, nested: new Map(nested)}
}

function contentOfNested({body}: Markdown, frontmatter: Frontmatter): SkillContent {
  return {frontmatter, body, limits: limitsOfSkill(frontmatter), paths: [], openAiFiles: []}
}

function convertSkill(
  skill: Skill & {content: SkillContent},
  source: ConvertiblePackage,
  {skills}: ToolFormat,
  folder: string,
): {files: ConvertedFile[]; adjustments: string[]} | Unsupported {
  const {name, files} = skill
  const {markdown} = skill.main
  const frontmatter = markdown.frontmatter ?? {}
  const {limits, nested: contents = new Map<string, SkillContent | undefined>()} = skill.content
  const grants = skills.grants?.(skill.content) ?? []
  if (isUnsupported(grants)) return grants

  const isOwn = folder !== sharedSkills
  const maxLength = isOwn ? (skills.maxDescription ?? maxDescriptionLength) : maxDescriptionLength
  const {description, isCut} = describe(markdown, source, maxLength)
  const omitted = dangerousFields(frontmatter)
  const changes = {
    name,
    ...(!hasDescription(markdown, maxLength) && {description}),
    ...withOwnFields(limits),
    ...(isOwn && skills.limitFields?.(new Set(namesOf(limits)))),
  }
  const nested = nestedSkills(files)
  let placed = files.filter(({path}) => path !== manifestFile && !isSkillFile(path))
  const isPolicyNeeded = !isOwn || skills.hasOpenAiPolicy === true
  const limited = [
    {path: skillFile, limits},
    ...nested.map(({file: {path}}) => ({path, limits: contents.get(path)?.limits ?? []})),
  ]
  for (const {path, limits: own} of isPolicyNeeded ? limited : []) {
    const withPolicy = policyFiles(placed, path.slice(0, path.lastIndexOf('/') + 1), namesOf(own))
    if (isUnsupported(withPolicy)) return withPolicy
    placed = withPolicy
  }
  const at = (path: string) => `${folder}/${name}/${path}`
  const main = skill.main.file.path
  const content = rewriteMarkdown(markdown, changes, omitted)
  const converted = nested.map((each) => convertNested(each, contents.get(each.file.path), skill.root, skills))
  const others = placed.map((file) => converted.find(({path}) => path === file.path) ?? file)
  return {
    files: [
      {path: at(skillFile), definition: main, content, grants, limits: namesOf(limits)},
      ...others.map((file) => ({...file, path: at(file.path)})),
    ],
    adjustments: [
      ...omissions(omitted, frontmatter),
      ...(isCut ? [`with only the first ${maxLength} characters of the description, which is too long`] : []),
      ...nested.flatMap(({file, markdown: {frontmatter: fields = {}} = {}}) =>
        omissions(dangerousFields(fields), fields).map((reason) => `${reason} (in ${file.path})`),
      ),
    ],
  }
}

function namesOf(limits: readonly FoundLimit<SkillLimit>[]): SkillLimit[] {
  return limits.map(({name}) => name)
}

/** A SKILL.md below the skill's directory: as written, without fields that run or allow something. */
function convertNested(
  {file, markdown}: NestedSkill,
  content: SkillContent | undefined,
  root: string,
  {isRecursive = false, grants}: ToolFormat['skills'],
): ConvertedFile {
  if (!markdown || !content) return file
  const frontmatter = markdown.frontmatter ?? {}
  const omitted = dangerousFields(frontmatter)
  const changes = withOwnFields(content.limits)
  const isChanged = omitted.length > 0 || Object.entries(changes).some(([field, value]) => frontmatter[field] !== value)
  const granted = isRecursive ? (grants?.(content) ?? []) : []
  return {
    ...file,
    definition: `${root}${file.path}`,
    content: isChanged ? rewriteMarkdown(markdown, changes, omitted) : file.content,
    grants: isUnsupported(granted) ? [] : granted,
    limits: namesOf(content.limits),
  }
}

/**
 * The files next to SKILL.md, with the policy that Codex reads instead of `disable-model-invocation`.
 *
 * @param directory of the skill with these limits, with a slash at the end; empty for the top.
 */
function policyFiles(
  files: readonly PackageFile[],
  directory: string,
  limits: readonly SkillLimit[],
): PackageFile[] | Unsupported {
  if (!limits.includes('disable-model-invocation')) return [...files]
  const path = `${directory}${openAiFile}`
  const own = files.find((file) => file.path.toLowerCase() === path.toLowerCase())
  const text = openAiPolicy(own)
  if (text === undefined) return {unsupported: whyUnreadable(own?.path ?? path)}
  const policy = {path, content: Buffer.from(text), isExecutable: false}
  return [...files.filter((file) => file !== own), policy]
}

/** Whether a path, or a directory in it, is SKILL.md on a case-insensitive file system. */
function isSkillFile(path: string): boolean {
  return /^skill\.md(\/|$)/i.test(path)
}
