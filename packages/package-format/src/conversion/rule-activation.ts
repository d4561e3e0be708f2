import {flagOf} from './flag.js'

/**
 * When a rule applies: always, to files that match patterns, when its description is relevant, or only when the user
 * mentions it. `unreadable` names a field with an invalid value, so the rule must not be written.
 */
export type RuleActivation =
  {when: 'always' | 'relevant' | 'manual'} | {when: 'files'; globs: string[]} | {when: 'unreadable'; field: string}

type Frontmatter = Readonly<Record<string, unknown>>

/** A rule's frontmatter, and what it means without fields that say when it applies. */
export interface RuleSource {
  frontmatter: Frontmatter | undefined
  /** Path of the file. Cursor's `.mdc` and Copilot's `.instructions.md` don't apply by default, all others do. */
  path: string
}

const patternFields = ['globs', 'paths', 'fileMatchPattern', 'applyTo']

/** Devin, Windsurf and Antigravity. */
const triggers: Readonly<Record<string, RuleActivation['when']>> = {
  always_on: 'always',
  glob: 'files',
  manual: 'manual',
  model_decision: 'relevant',
  agent: 'relevant',
}

/** Kiro. */
const inclusions: Readonly<Record<string, RuleActivation['when']>> = {
  always: 'always',
  fileMatch: 'files',
  manual: 'manual',
  auto: 'relevant',
}

/** From the narrowest. */
const order = ['manual', 'files', 'relevant', 'always'] as const

/**
 * Reads when a rule applies. The rule may be written for any tool: `globs` and `alwaysApply` (Cursor), `paths` (Claude
 * Code), `applyTo` (Copilot), `trigger` (Devin, Antigravity), `inclusion` and `fileMatchPattern` (Kiro). If fields
 * disagree, the narrowest one wins, except that Cursor ignores `globs` if `alwaysApply` is true.
 *
 * @see https://cursor.com/docs/rules
 */
export function ruleActivation({frontmatter = {}, path}: RuleSource): RuleActivation {
  let globs: string[] = []
  for (const field of patternFields) {
    const patterns = patternsIn(frontmatter[field])
    if (!patterns) return {when: 'unreadable', field}
    const isIgnored = field === 'globs' && flagOf(frontmatter['alwaysApply']) === true
    const isEverything = field === 'applyTo' && patterns.some((pattern) => pattern === '**' || pattern === '**/*')
    if (!isIgnored && !isEverything) globs = globs.concat(patterns)
  }
  const modes = [
    ...modesOf(frontmatter, 'trigger', triggers),
    ...modesOf(frontmatter, 'inclusion', inclusions),
    ...alwaysApplyMode(frontmatter),
  ]
  const invalid = modes.find((mode) => 'field' in mode)
  if (invalid) return invalid
  if (globs.length > 0) modes.push({when: 'files', globs})
  const when = order.find((each) => modes.some((mode) => mode.when === each))
  if (when === 'files') return globs.length > 0 ? {when, globs} : {when: 'unreadable', field: 'globs'}
  if (when !== undefined && when !== 'relevant') return {when}
  if (when === undefined && !appliesOnRequest(frontmatter, path)) return {when: 'always'}
  return {when: isText(frontmatter['description']) ? 'relevant' : 'manual'}
}

function appliesOnRequest(frontmatter: Frontmatter, path: string): boolean {
  return /\.mdc$/i.test(path) || (/\.instructions\.md$/i.test(path) && frontmatter['applyTo'] === undefined)
}

type Mode =
  {when: Exclude<RuleActivation['when'], 'unreadable'>; globs?: string[]} | {when: 'unreadable'; field: string}

function modesOf(
  frontmatter: Frontmatter,
  field: string,
  words: Readonly<Record<string, RuleActivation['when']>>,
): Mode[] {
  const value = frontmatter[field]
  if (value === undefined) return []
  const when = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined
  return [when === undefined || when === 'unreadable' ? {when: 'unreadable', field} : {when}]
}

function alwaysApplyMode(frontmatter: Frontmatter): Mode[] {
  const value = frontmatter['alwaysApply']
  if (value === undefined) return []
  if (value === null || value === '') return [{when: 'relevant'}]
  const flag = flagOf(value)
  if (flag === undefined) return [{when: 'unreadable', field: 'alwaysApply'}]
  return [{when: flag ? 'always' : 'relevant'}]
}

/** Patterns in a list, or in a comma-separated string; undefined for anything else. */
function patternsIn(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return []
  const texts: unknown[] = Array.isArray(value) ? value : [value]
  if (!texts.every((text) => typeof text === 'string')) return undefined
  const patterns = texts.flatMap(splitPatterns).filter((pattern) => pattern !== '')
  return patterns.some((pattern) => /[\n\r]/.test(pattern)) ? undefined : patterns
}

/** Splits at commas, except within braces. Quotes around a pattern are not part of it. */
function splitPatterns(text: string): string[] {
  const patterns: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index <= text.length; index++) {
    const character = text[index]
    if (character === '{') depth++
    else if (character === '}') depth = Math.max(0, depth - 1)
    else if (character === undefined || (character === ',' && depth === 0)) {
      patterns.push(text.slice(start, index).trim())
      start = index + 1
    }
  }
  return patterns.map((pattern) => /^(["'])(.*)\1$/s.exec(pattern)?.[2] ?? pattern)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
