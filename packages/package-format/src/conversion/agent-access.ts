import {capabilities, capabilitiesOf, withImplied, writing, type Capability} from './capabilities.js'
import {flagOf} from './flag.js'
import {parseToolList} from './tool-list.js'

/** What an author lets an agent use. */
export interface AgentAccess {
  /** Includes what is implied. */
  allowed: ReadonlySet<Capability>
  /** What the author's words say, without what is implied. */
  named: ReadonlySet<Capability>
  /** What the author denied. */
  denied: ReadonlySet<Capability>
  /** The fields that limit it. */
  fields: readonly string[]
  /** The words that the author denied. A field such as `readonly` denies none. */
  deniedWords: readonly string[]
  /** The words that the author allowed; undefined if everything is allowed except what is denied. */
  list: readonly string[] | undefined
}

type Frontmatter = Readonly<Record<string, unknown>>

/** A field that limits an agent, but has a value without a known meaning. */
export interface UnreadableAccess {
  unreadable: string
}

/** Values that allow everything. */
const everything: ReadonlySet<string> = new Set(['*', 'all'])

const denyFields = ['disallowedTools', 'disallowed-tools', 'excludedTools']

/**
 * Reads what an agent may use, whichever tool it was written for.
 *
 * @returns undefined if the author sets no limit.
 */
export function agentAccess(frontmatter: Frontmatter): AgentAccess | UnreadableAccess | undefined {
  const fields: string[] = []
  const denied = new Set<Capability>()
  let list: string[] | undefined
  const deniedWords: string[] = []
  const deny = (word: string) => {
    deniedWords.push(word)
    for (const each of capabilitiesOf(wordOf(word)) ?? []) denied.add(each)
  }

  const {list: listed, field, unreadable} = listOf(frontmatter)
  if (unreadable !== undefined) return {unreadable}
  if (listed && field !== undefined) {
    list = listed
    fields.push(field)
  }
  for (const each of ['tools', 'permission']) {
    const value = frontmatter[each]
    if (!isMap(value)) continue
    const switches = switchesIn(value)
    if (!switches) return {unreadable: each}
    if (switches.list) list = switches.list
    switches.denied.forEach(deny)
    if (switches.list || switches.denied.length > 0 || switches.mustAsk) fields.push(each)
  }
  const {permission} = frontmatter
  if (permission === 'ask' || permission === 'deny') {
    if (permission === 'deny') list = []
    fields.push('permission')
  } else if (typeof permission === 'string' && permission !== 'allow') return {unreadable: 'permission'}
  for (const each of denyFields) {
    const value = frontmatter[each]
    if (value === undefined || value === null) continue
    if (!isList(value)) return {unreadable: each}
    const words = parseToolList(value)
    if (words.length > 0) fields.push(each)
    if (words.some((word) => everything.has(word))) list = []
    words.forEach(deny)
  }
  for (const [each, isReadOnly] of readOnlyFields) {
    const value = frontmatter[each]
    if (value === undefined || value === null) continue
    const answer = isReadOnly(value)
    if (answer === undefined) return {unreadable: each}
    if (!answer) continue
    fields.push(each)
    ;[...writing, 'shell' as const].forEach((capability) => denied.add(capability))
  }
  return fields.length === 0 ? undefined : accessOf({list, denied, deniedWords, fields})
}

function accessOf({list, denied, ...more}: Omit<AgentAccess, 'allowed' | 'named'>): AgentAccess {
  const isLeft = (each: Capability) => !denied.has(each)
  const named = new Set((list?.flatMap((word) => capabilitiesOf(word) ?? []) ?? capabilities).filter(isLeft))
  const allowed = new Set([...withImplied(named)].filter(isLeft))
  // No word of an author allows it.
  if (!allowed.has('write') || !allowed.has('shell')) allowed.delete('delete')
  // Otherwise it could delegate what it must not do itself.
  if (list === undefined && [...writing, 'shell' as const].some((each) => denied.has(each))) allowed.delete('subagent')
  return {allowed, named, denied, list, ...more}
}

/** The words of a tool's own list, each with what it allows. */
export type Vocabulary = Readonly<Record<string, readonly Capability[]>>

/**
 * The words of a tool that allow no more than an author did. A word for one capability must be named by the author. A word
 * that bundles several needs some that are named, and which imply the others. A list in the tool's own words gets no
 * others.
 *
 * @returns `missing`: the author's words that they don't cover; undefined for an author who only denied some.
 */
export function wordsFor(
  {allowed, named, list}: AgentAccess,
  vocabulary: Vocabulary,
): {words: string[]; missing?: string[]} {
  const isOwn = list?.every((word) => Object.hasOwn(vocabulary, word)) ?? false
  const fits = (means: readonly Capability[]) => {
    const implied = withImplied(new Set(means.filter((each) => named.has(each))))
    // No word of an author names `delete`.
    return means.every((each) => allowed.has(each) && (implied.has(each) || each === 'delete'))
  }
  const fitting = Object.entries(vocabulary).filter(([word, means]) => fits(means) && (!isOwn || list?.includes(word)))
  const words = fitting.map(([word]) => word)
  if (!list) return {words}
  const covered = new Set(fitting.flatMap(([, means]) => means))
  if (covered.has('find')) covered.add('list')
  const isMissing = (word: string) => {
    if (isOwn && words.includes(word)) return false
    const means = capabilitiesOf(word)
    return means === undefined || means.some((each) => allowed.has(each) && !covered.has(each))
  }
  return {words, missing: list.filter(isMissing)}
}

/**
 * Whether an agent may read files, may neither change them nor run commands that do, and nothing else is denied. Tools with
 * a read-only mode can express that, except that such an agent may still run commands that change nothing, use the web, and
 * use the tools of MCP servers.
 */
export function isReadOnly({allowed, denied, deniedWords, list}: AgentAccess): boolean {
  if (list !== undefined) return allowed.has('read') && !writing.some((each) => allowed.has(each))
  const isCovered = deniedWords.every((word) => capabilitiesOf(wordOf(word))?.every((each) => writing.includes(each)))
  return isCovered && writing.some((each) => denied.has(each))
}

/** The list of allowed tools, if there is one that limits anything. */
function listOf(frontmatter: Frontmatter): {list?: string[]; field?: string; unreadable?: string} {
  for (const field of ['tools', 'allowed-tools', 'allowedTools']) {
    if (!Object.hasOwn(frontmatter, field)) continue
    const value = frontmatter[field]
    if (isMap(value)) continue
    if (value !== null && !isList(value)) return {unreadable: field}
    const list = parseToolList(value)
    return list.some((word) => everything.has(word.toLowerCase())) ? {} : {list, field}
  }
  return {}
}

/**
 * A map from tools to `true` and `false`, or to `allow`, `ask` and `deny`, as in OpenCode. A tool that is denied for
 * some patterns is treated as denied.
 */
function switchesIn(map: object): {list?: string[]; denied: string[]; mustAsk: boolean} | undefined {
  const entries = Object.entries(map).map(([word, value]) => [word, isOn(value)] as const)
  if (entries.some(([, value]) => value === undefined)) return undefined
  const on = entries.filter(([word, value]) => value === true && word !== '*').map(([word]) => word)
  const off = entries.filter(([word, value]) => value === false && word !== '*').map(([word]) => word)
  const isClosed = entries.some(([word, value]) => word === '*' && value === false)
  // An unknown word could be a pattern that matches anything.
  const isUnknown = off.some((word) => word.includes('*'))
  return {...((isClosed || isUnknown) && {list: isUnknown ? [] : on}), denied: off, mustAsk: asksIn(map)}
}

/** Whether something must be asked for. That is a limit where a tool would allow it otherwise. */
function asksIn(map: object): boolean {
  return Object.values(map).some((value) => value === 'ask' || (isMap(value) && asksIn(value)))
}

function isOn(value: unknown): boolean | undefined {
  if (isMap(value)) {
    const all = Object.values(value).map(isOn)
    return all.includes(undefined) ? undefined : !all.includes(false)
  }
  if (value === 'allow' || value === 'ask') return true
  return value === 'deny' ? false : flagOf(value)
}

/** Codex: whether a mode is read-only. */
const sandboxModes: ReadonlyMap<unknown, boolean> = new Map([
  ['read-only', true],
  ['workspace-write', false],
  ['danger-full-access', false],
])

/** Fields that make an agent read-only, with what their values mean. */
const readOnlyFields: readonly (readonly [string, (value: unknown) => boolean | undefined])[] = [
  ['readonly', flagOf],
  ['sandbox_mode', (value) => sandboxModes.get(value)],
  ['permissionMode', (value) => (typeof value === 'string' ? value === 'plan' : undefined)],
]

/** The word without its scope: `Bash(rm:*)` denies part of `Bash`, and a tool that can't express that loses all of it. */
function wordOf(entry: string): string {
  return entry.replace(/\(.*$/s, '')
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'))
}
