import {capabilitiesOf} from '../capabilities.js'
import {isKept, limitsOfCommand, withOwnFields, type FoundLimit, type SkillLimit} from '../definition-limits.js'
import {skillNames} from '../flat-name.js'
import {activationOf, agentFormat, toolWords} from '../formatting.js'
import {allowedTools, dangerousFields, omissions, shellLines} from '../grants.js'
import {formatMarkdown, rewriteMarkdown} from '../markdown.js'
import {hasDescription} from '../named.js'
import {parseToolList} from '../tool-list.js'
import {
  isUnsupported,
  type Formatted,
  type NamedDefinition,
  type SkillContent,
  type ToolFormat,
} from '../tool-format.js'

/** The fields with which Claude Code limits an agent. Limits in other fields are translated to `tools`. */
const ownLimits: ReadonlySet<string> = new Set(['tools', 'disallowedTools', 'permissionMode'])

const title = 'Claude Code'

/** The fields with which it limits a skill. */
const skillLimits: ReadonlySet<SkillLimit> = new Set<SkillLimit>([
  'disable-model-invocation',
  'user-invocable',
  'paths',
  'context',
  'disallowed-tools',
])

/** Its tools, each with one capability. */
const vocabulary = {
  Read: ['read'],
  Grep: ['search'],
  Glob: ['find'],
  Edit: ['edit'],
  Write: ['write'],
  NotebookEdit: ['notebook'],
  Bash: ['shell'],
  WebFetch: ['fetch'],
  WebSearch: ['web-search'],
  Task: ['subagent'],
  TodoWrite: ['todo'],
  Skill: ['skill'],
  AskUserQuestion: ['ask'],
} as const

/**
 * Claude Code reads `.claude/skills/<name>/SKILL.md` one level deep, subagents in `.claude/agents` (name and description
 * are required), commands in `.claude/commands`, and rules in `.claude/rules`, which apply to the files that `paths`
 * matches, else always. It doesn't read `.agents/skills`.
 *
 * @see https://code.claude.com/docs/en/skills, 2026-08-22
 * @see https://code.claude.com/docs/en/sub-agents, 2026-08-22
 * @see https://code.claude.com/docs/en/memory, 2026-08-22
 */
export const claudeCode: ToolFormat = {
  name: 'claude-code',
  title,
  skills: {
    folder: '.claude/skills',
    isShared: false,
    honors: skillLimits,
    // It shortens long descriptions itself, and only where it lists them.
    maxDescription: Infinity,
    shownDescription: 1536,
    grants,
  },
  agents: {
    folder: '.claude/agents',
    extension: '.md',
    required: ['name', 'description'],
    // A subagent has its own context anyway.
    format: agentFormat({title, honors: new Set(['context', 'isolation', 'permissionMode'])}, (definition, access) => {
      const {markdown, name, description} = definition
      const frontmatter = markdown.frontmatter ?? {}
      const isTranslated = access !== undefined && !isWrittenForClaude(frontmatter, access.fields)
      const omitted = [...dangerousFields(frontmatter), ...(isTranslated ? grantingIn(frontmatter) : [])]
      const adjustments = omissions(omitted, frontmatter)
      const changes: Record<string, unknown> = {name, ...(!hasDescription(markdown, Infinity) && {description})}
      if (isTranslated) {
        const translated = toolWords(access, vocabulary, title)
        if (isUnsupported(translated)) return translated
        changes['tools'] = translated.words.join(', ')
        adjustments.push(...translated.adjustments)
      }
      const grants = isTranslated
        ? []
        : grantingIn(frontmatter).map((field) => `${field}: ${String(frontmatter[field])}`)
      const limits = isTranslated ? {limits: ['tools']} : {}
      return {text: rewriteMarkdown(markdown, changes, omitted), adjustments, grants, ...limits}
    }),
  },
  commands: {
    folder: '.claude/commands',
    extension: '.md',
    format: (definition) => {
      const {markdown, description} = definition
      const frontmatter = markdown.frontmatter ?? {}
      const limits = limitsOfCommand(frontmatter)
      const lost = limits.find((limit) => !isKept(limit, commandLimits(limits)))
      if (lost) return {unsupported: `${title} ignores \`${lost.field}\` in a command`}
      const omitted = dangerousFields(frontmatter)
      const changes = {
        ...(!hasDescription(markdown, Infinity) && {description}),
        ...withOwnFields(limits),
      }
      return {
        text: rewriteMarkdown(markdown, changes, omitted),
        adjustments: omissions(omitted, frontmatter),
        grants: grants({frontmatter, body: markdown.body}),
        limits: limits.map(({name}) => name),
      }
    },
  },
  rules: {folder: '.claude/rules', extension: '.md', format: formatRule},
}

function grants(skill: Pick<SkillContent, 'frontmatter' | 'body'>): string[] {
  return [...allowedTools(skill), ...shellLines(skill)]
}

/** The fields of an agent that give it tools beyond its list. `memory` turns Read, Write and Edit on. */
function grantingIn(frontmatter: Readonly<Record<string, unknown>>): string[] {
  return Object.hasOwn(frontmatter, 'memory') ? ['memory'] : []
}

/** The limits that it honors in a command. `agent` only counts in a fork. */
function commandLimits(limits: readonly FoundLimit<SkillLimit>[]): ReadonlySet<SkillLimit> {
  const isFork = limits.some(({field}) => field === 'context')
  return new Set([
    ...(['disable-model-invocation', 'user-invocable', 'context', 'disallowed-tools'] as const),
    ...(isFork ? (['agent'] as const) : []),
  ])
}

/** Whether Claude Code understands an agent's limits as they are written. */
function isWrittenForClaude(frontmatter: Readonly<Record<string, unknown>>, fields: readonly string[]): boolean {
  if (!fields.every((field) => ownLimits.has(field))) return false
  const tools = frontmatter['tools']
  if (tools === undefined || tools === null) return true
  if (typeof tools !== 'string' && !Array.isArray(tools)) return false
  const words = parseToolList(tools)
  return words.length === 0 || words.some((word) => /^[A-Z]|^mcp__/.test(word) || capabilitiesOf(word) === undefined)
}

function formatRule(definition: NamedDefinition): Formatted {
  const {markdown, description} = definition
  const activation = activationOf(definition)
  if (isUnsupported(activation)) return activation
  const foreign = [
    'globs',
    'alwaysApply',
    'applyTo',
    'trigger',
    'inclusion',
    'fileMatchPattern',
    'name',
    'excludeAgent',
  ]
  if (activation.when === 'always') {
    return {text: rewriteMarkdown(markdown, {}, [...foreign, 'paths'])}
  }
  if (activation.when === 'files') {
    return {text: rewriteMarkdown(markdown, {paths: activation.globs}, foreign), limits: ['paths']}
  }
  // It loads every rule without `paths`. A skill is loaded when its description is relevant, or by name.
  const isManual = activation.when === 'manual'
  const name = skillNameOf(definition)
  const fields = {name, description, ...(isManual && {'disable-model-invocation': true})}
  return {
    path: `.claude/skills/${name}/SKILL.md`,
    text: formatMarkdown(fields, markdown.body),
    limits: isManual ? ['disable-model-invocation'] : [],
  }
}

/** The name of a definition that becomes a skill: unlike the names of other files, it can't contain two hyphens in a row. */
function skillNameOf({name, stem, package: source}: NamedDefinition): string {
  return source.definitions.length === 1 ? name : (skillNames(source.name, [stem])[0] ?? name)
}
