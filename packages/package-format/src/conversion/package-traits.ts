import {createHash} from 'node:crypto'

import {manifestFile} from '../manifest/manifest.js'
import {agentAccess} from './agent-access.js'
import type {ConvertiblePackage} from './converted.js'
import {limitsOfAgent, limitsOfCommand, limitsOfSkill} from './definition-limits.js'
import {dangerousFields} from './grants.js'
import {findHiddenCharacters} from './hidden-characters.js'
import {plainTextOf} from './hidden-texts.js'
import {hostsIn} from './hosts.js'
import {nestedSkills} from './nested-skills.js'
import {isOpenAiFile, withOpenAiPolicy} from './openai-file.js'
import type {PackageFile} from './package-files.js'
import {ruleActivation} from './rule-activation.js'
import {isExecutableFile, isRunnable} from './runnable-files.js'
import {parseToolList} from './tool-list.js'

/**
 * `definition`: a file that defines a skill, an agent, a command or a rule. `grant`: something that a tool does without
 * asking. `hook`: a field that would run or allow something without asking; no tool gets it. `script`: an executable
 * file. `source`: another file that an interpreter or a build tool can run, such as `scripts/run.py`. `limit`: a limit of a definition. `within`: something that a limit allows, such as a tool or a pattern for files.
 * `hidden`: a hidden character, with the number of times it occurs in a file. `host`: a host that a file mentions. `adjustment`: what a
 * tool gets that differs from what the author wrote. `more`: further traits, which are not listed.
 */
export type TraitKind =
  'definition' | 'grant' | 'hook' | 'script' | 'source' | 'limit' | 'within' | 'hidden' | 'host' | 'adjustment' | 'more'

/** Something that a package can do, that it mentions, or that limits it. */
export interface Trait {
  kind: TraitKind
  /** Name of the tool that it applies to; null if it applies to all. */
  tool: string | null
  /** Path within the package; null if no file is involved. */
  path: string | null
  /** Line of the file; null if it isn't about one line. */
  line: number | null
  /** By kind, such as `skill` for a definition, `Bash(git:*)` for a grant, the name of a limit, or a host. */
  value: string
  /** SHA-256 of a script or a source, in hex. Absent from records of earlier releases. */
  sha256?: string
}

type Frontmatter = Readonly<Record<string, unknown>>

/** Characters; longer values are cut. */
const maxValue = 256

const maxTraits = 500

/** Of a file. */
const maxHidden = 10_000

/** The traits of a package that are the same for each tool. */
export function packageTraits(source: ConvertiblePackage): Trait[] {
  const files = placeable(source)
  const definitions = definitionsOf(source)
  return [
    ...definitions.map(({path, kind}) => trait('definition', path, kind)),
    ...definitions.flatMap(({path, frontmatter, kind}) => [
      ...hooksIn(frontmatter).map((value) => trait('hook', path, value)),
      ...limitsIn(kind, frontmatter, path),
    ]),
    ...files.filter(isExecutableFile).map((file) => programTrait('script', file)),
    ...files.flatMap(hiddenIn),
    ...hostsIn(files).map(({host, path, line}) => trait('host', path, host, line)),
    ...files.filter((file) => isRunnable(file) && !isExecutableFile(file)).map((file) => programTrait('source', file)),
  ]
}

/** The traits, at most 500. The rest is summed up, so that a change in it shows. */
export function boundedTraits(traits: readonly Trait[]): Trait[] {
  if (traits.length <= maxTraits) return [...traits]
  const rest = traits.slice(maxTraits - 1)
  const digest = sha256Of(JSON.stringify(rest.map((each) => [identityOf(each), each.sha256]))).slice(0, 12)
  return [...traits.slice(0, maxTraits - 1), trait('more', null, `${rest.length} more (${digest})`)]
}

/** How the traits of two versions differ. */
export interface TraitDifference {
  added: Trait[]
  removed: Trait[]
  /** The scripts and sources of the newer version that the earlier one has at the same path with other content. */
  changed: Trait[]
  /** Whether the newer version can do more or names more, or has fewer limits. */
  isWider: boolean
}

/**
 * Compares the traits of two versions. Adjustments are not compared, and neither are definitions if the earlier version has
 * none, because then they are unknown.
 *
 * @param knowsSources whether the earlier traits list sources. Those of earlier releases of apkg don't.
 */
export function compareTraits(
  before: readonly Trait[],
  after: readonly Trait[],
  {knowsSources = true}: {knowsSources?: boolean | undefined} = {},
): TraitDifference {
  const [old, current] = [before, after].map((traits) => new Map(traits.map((each) => [identityOf(each), each])))
  const knowsDefinitions = before.some(({kind}) => kind === 'definition')
  const isUnknown = ({kind}: Trait) =>
    kind === 'adjustment' || (kind === 'definition' && !knowsDefinitions) || (kind === 'source' && !knowsSources)
  const added = after.filter((each) => !isUnknown(each) && !old?.has(identityOf(each)))
  const removed = before.filter((each) => !isUnknown(each) && !current?.has(identityOf(each)))
  const changed = after.filter((each) => hasOtherContent(old?.get(identityOf(each)), each))
  const wasLimited = ({path, value}: Trait) =>
    before.some((each) => each.kind === 'limit' && each.path === path && value.startsWith(`${each.value}: `))
  const widens = (each: Trait) => (each.kind === 'within' ? wasLimited(each) : each.kind !== 'limit')
  const isGone = ({path}: Trait) => removed.some((each) => each.kind === 'definition' && each.path === path)
  const isLifted = (each: Trait) => each.kind === 'limit' && !isGone(each)
  return {added, removed, changed, isWider: added.some(widens) || removed.some(isLifted)}
}

function hasOtherContent(before: Trait | undefined, after: Trait): boolean {
  return before?.sha256 !== undefined && after.sha256 !== undefined && before.sha256 !== after.sha256
}

/** What makes two traits the same: where a host is named doesn't matter, and a script that becomes a source isn't new. */
export function identityOf({kind, tool, path, value}: Trait): string {
  return JSON.stringify([kind === 'source' ? 'script' : kind, tool, kind === 'host' ? null : path, value])
}

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function trait(kind: TraitKind, path: string | null, value: string, line: number | null = null): Trait {
  return {kind, tool: null, path, line, value: cut(value)}
}

function cut(value: string): string {
  if (value.length <= maxValue) return value
  const digest = sha256Of(value).slice(0, 12)
  return `${value.slice(0, maxValue)}… (${digest})`
}

/** The files that tools can get. */
export function placeable({type, files, definitions}: ConvertiblePackage): PackageFile[] {
  if (type === 'agent' || type === 'rule') return definitions.map(({file}) => file)
  return files.filter(({path}) => path !== manifestFile)
}

interface DefinitionTexts {
  path: string
  frontmatter: Frontmatter
  kind: ConvertiblePackage['type']
}

/** The definitions, and those skills that some tools find below a skill. */
function definitionsOf(source: ConvertiblePackage): DefinitionTexts[] {
  const {type, definitions} = source
  const files = placeable(source)
  const openAiFiles = files.filter(({path}) => isOpenAiFile(path))
  const own = definitions.map(({file: {path}, markdown: {frontmatter = {}}}) => ({
    path,
    frontmatter: type === 'skill' ? withOpenAiPolicy(frontmatter, path, openAiFiles) : frontmatter,
    kind: type,
  }))
  const known = new Set(own.map(({path}) => path))
  const nested = nestedSkills(files).flatMap(({file: {path}, markdown}): DefinitionTexts[] =>
    known.has(path)
      ? []
      : [{path, frontmatter: withOpenAiPolicy(markdown?.frontmatter, path, openAiFiles), kind: 'skill'}],
  )
  return type === 'skill' || type === 'command' ? [...own, ...nested] : own
}

function hooksIn(frontmatter: Frontmatter): string[] {
  return dangerousFields(frontmatter).flatMap((field) => {
    const value = frontmatter[field]
    if (typeof value === 'object' && value !== null) return Object.keys(value).map((key) => `${field}: ${key}`)
    return [`${field}: ${String(value)}`]
  })
}

function limitsIn(kind: DefinitionTexts['kind'], frontmatter: Frontmatter, path: string): Trait[] {
  const limit = (value: string) => trait('limit', path, value)
  const within = (field: string, words: readonly string[]) =>
    words.map((word) => trait('within', path, `${field}: ${word}`))
  if (kind === 'rule') return ruleLimits(frontmatter, path)
  const agent = kind === 'agent' ? frontmatter : kind === 'command' ? {tools: frontmatter['tools']} : {}
  const access = agentAccess(agent)
  const own = {agent: limitsOfAgent, command: limitsOfCommand, skill: limitsOfSkill}[kind](frontmatter)
  return [
    ...(access && 'fields' in access
      ? access.fields.flatMap((field) => [
          ...deniedIn(field, frontmatter[field]).map(limit),
          ...(denies.has(field) ? [] : [limit(field)]),
        ])
      : []),
    ...(access && 'fields' in access && access.list ? within(access.fields[0] ?? 'tools', access.list) : []),
    ...own.flatMap(({name, field}) => {
      if (denies.has(field)) return deniedIn(field, frontmatter[field]).map(limit)
      if (name === 'tools') return []
      return [limit(name), ...(name === 'paths' ? within(name, parseToolList(frontmatter[field])) : [])]
    }),
  ]
}

/** Fields that list what is denied. */
const denies: ReadonlySet<string> = new Set(['disallowedTools', 'disallowed-tools', 'excludedTools'])

function deniedIn(field: string, value: unknown): string[] {
  return denies.has(field) ? parseToolList(value).map((word) => `${field}: ${word}`) : []
}

/** From the widest: each narrower way to apply has the limits of the wider ones too. */
function ruleLimits(frontmatter: Frontmatter, path: string): Trait[] {
  const activation = ruleActivation({frontmatter, path})
  const order = {always: 0, relevant: 1, files: 2, manual: 3, unreadable: 0}
  const limits = ['not always', 'files', 'only by name'].slice(0, order[activation.when])
  const globs = activation.when === 'files' ? activation.globs : []
  return [
    ...limits.map((value) => trait('limit', path, value)),
    ...globs.map((glob) => trait('within', path, `files: ${glob}`)),
  ]
}

function programTrait(kind: 'script' | 'source', {path, content}: PackageFile): Trait {
  return {...trait(kind, path, path), sha256: sha256Of(content)}
}

function hiddenIn(file: PackageFile): Trait[] {
  const found = new Map<string, {count: number; line: number}>()
  for (const {code, line} of findHiddenCharacters(plainTextOf(file) ?? '', maxHidden)) {
    const known = found.get(code) ?? {count: 0, line}
    found.set(code, {...known, count: known.count + 1})
  }
  return [...found].map(([code, {count, line}]) => trait('hidden', file.path, `${code} (${count}×)`, line))
}
