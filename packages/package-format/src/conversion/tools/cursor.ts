import {
  activationOf,
  agentFormat,
  limitsOfRule,
  pick,
  commandFormat,
  whyNotReadOnly,
  type ReadableActivation,
} from '../formatting.js'
import {formatMarkdown} from '../markdown.js'
import {textOf} from '../package-files.js'
import {isUnsupported, type Formatted, type NamedDefinition, type ToolFormat} from '../tool-format.js'

/**
 * Cursor reads skills from `.agents/skills` and `.cursor/skills`, subagents from `.cursor/agents`, commands from
 * `.cursor/commands` (plain Markdown), and rules from `.cursor/rules/*.mdc`. It also reads skills and agents of other
 * tools. Its agents can't list tools. They have only `readonly`.
 *
 * @see https://cursor.com/docs/context/subagents, 2026-10-03
 * @see https://cursor.com/docs/rules, 2026-08-16
 */
export const cursor: ToolFormat = {
  name: 'cursor',
  title: 'Cursor',
  skills: {
    folder: '.cursor/skills',
    isShared: true,
    honors: new Set(['disable-model-invocation', 'paths']),
  },
  agents: {
    folder: '.cursor/agents',
    extension: '.md',
    required: ['name', 'description'],
    format: agentFormat({title: 'Cursor'}, ({markdown, name, description}, access) => {
      const refused = access && whyNotReadOnly(access, 'Cursor')
      if (refused) return refused
      const fields = {name, description, ...pick(markdown.frontmatter, ['model', 'is_background'])}
      return {
        text: formatMarkdown({...fields, ...(access && {readonly: true})}, markdown.body),
        adjustments: access && !access.fields.includes('readonly') ? [readOnlyNote] : [],
      }
    }),
  },
  commands: {
    folder: '.cursor/commands',
    extension: '.md',
    format: commandFormat({title: 'Cursor'}, ({markdown}) => formatMarkdown({}, markdown.body)),
  },
  rules: {folder: '.cursor/rules', extension: '.mdc', format: formatRule},
  alsoReads: {
    '.claude/skills': new Set(['disable-model-invocation', 'paths']),
    '.codex/skills': new Set(['disable-model-invocation', 'paths']),
    '.claude/agents': new Set(['readonly']),
    '.codex/agents': new Set(),
  },
}

const readOnlyNote =
  'as a read-only agent, which can still run commands that change nothing, use the web, and use tools of MCP servers'

/** The fields with which other tools say when a rule applies. */
const foreign = ['paths', 'applyTo', 'trigger', 'inclusion', 'fileMatchPattern']

function formatRule(definition: NamedDefinition): Formatted {
  const activation = activationOf(definition)
  if (isUnsupported(activation)) return activation
  const {file, description, markdown} = definition
  const limits = limitsOfRule(activation)
  // A rule that was written for Cursor stays as it is, except for patterns that Cursor would not match.
  const own = /\.mdc$/i.test(file.path) ? inCursorsSyntax(textOf(file), definition, activation) : undefined
  if (own !== undefined) return {text: own, limits}
  const {when} = activation
  const fields = {...(when !== 'manual' && {description}), alwaysApply: when === 'always'}
  const text = formatMarkdown(fields, markdown.body)
  if (when !== 'files') return {text, limits}
  return {text: text.replace(/^alwaysApply:/m, (line) => `${globsLine(activation.globs)}\n${line}`), limits}
}

/** Bare: Cursor would take quotes for a part of the pattern. */
function globsLine(globs: readonly string[]): string {
  return `globs: ${globs.join(', ')}`
}

/** A field with its patterns, which can be on the next lines. */
const globsField = /^globs[ \t]*:[^\n]*(?:\n(?:[ \t]+|-[ \t])[^\n]*)*/gm

/** Patterns on one line, without quotes or brackets around them. */
const bareGlobs = /^globs:[ \t]*(?:[^\s"'\[\]{}][^"'\n]*)?\r?$/

/** The text of an `.mdc` rule with bare patterns; undefined if other fields decide when it applies. */
function inCursorsSyntax(
  text: string,
  {markdown}: NamedDefinition,
  activation: ReadableActivation,
): string | undefined {
  const {frontmatter = {}, body} = markdown
  if (foreign.some((field) => Object.hasOwn(frontmatter, field))) return undefined
  if (!isReadable(frontmatter['alwaysApply'])) return undefined
  const head = text.slice(0, text.length - body.length)
  const found = head.match(globsField) ?? []
  if (activation.when !== 'files' || (found.length === 1 && bareGlobs.test(found[0]))) return text
  if (found.length !== 1) return undefined
  return `${head.replace(globsField, () => globsLine(activation.globs))}${body}`
}

/** Whether Cursor understands a value of `alwaysApply`. */
function isReadable(value: unknown): boolean {
  return value === undefined || value === null || value === '' || typeof value === 'boolean'
}
