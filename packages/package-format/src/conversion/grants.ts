import {parseToolList} from './tool-list.js'
import type {SkillContent} from './tool-format.js'

type Frontmatter = Readonly<Record<string, unknown>>

/** Fields that start programs or lift limits without asking the user. No tool gets them. */
const dangerous = [
  'hooks',
  'mcpServers',
  'mcp-servers',
  'permissions',
  'permission',
  'commandExecutionPolicy',
  'sidekick',
]

/** The modes of Claude Code that ask at least as much as the default. */
const carefulModes: ReadonlySet<unknown> = new Set(['default', 'manual', 'plan', 'dontAsk'])

/** The fields of a definition that are never written, because they run or allow something without asking. */
export function dangerousFields(frontmatter: Frontmatter): string[] {
  const isCareful = frontmatter['permissionMode'] === undefined || carefulModes.has(frontmatter['permissionMode'])
  const fields = dangerous.filter((field) => Object.hasOwn(frontmatter, field))
  return isCareful ? fields : [...fields, 'permissionMode']
}

/** What a definition is written without, as adjustments. A `permission` that only limits isn't worth one. */
export function omissions(fields: readonly string[], frontmatter: Frontmatter): string[] {
  return fields
    .filter((field) => field !== 'permission' || isAllowing(frontmatter[field]))
    .map((field) => `without \`${field}\`, which runs or allows something without asking`)
}

function isAllowing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isAllowing)
  return value !== 'ask' && value !== 'deny'
}

/** The tools that a skill or a command may use without asking, where a tool honors `allowed-tools`. */
export function allowedTools({frontmatter}: Pick<SkillContent, 'frontmatter'>): string[] {
  return parseToolList(frontmatter['allowed-tools'])
}

/** Commands in backticks after `!`, and blocks of code after ` ```! `. */
const shellLine = /(?:^|\s)!`([^`\n]+)`|^[ \t]*```!([^`]*)/gm

/**
 * The shell commands that Claude Code and OpenCode run when they load a text: `` !`git status` ``.
 *
 * @see https://code.claude.com/docs/en/skills, 2026-08-22
 */
export function shellLines({body}: Pick<SkillContent, 'body'>): string[] {
  return [...body.matchAll(shellLine)].map(([, inline, block]) => `!\`${(inline ?? block ?? '').trim()}\``)
}
