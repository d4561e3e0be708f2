import {activationOf, agentFormat, limitsOfRule, pick, whyNotCommand, whyNotReadOnly} from '../formatting.js'
import {formatMarkdown} from '../markdown.js'
import {textOf} from '../package-files.js'
import {isUnsupported, type Formatted, type NamedDefinition, type ToolFormat} from '../tool-format.js'

/**
 * Cursor reads skills from `.agents/skills` and `.cursor/skills`, subagents from `.cursor/agents`, commands from
 * `.cursor/commands` (plain Markdown), and rules from `.cursor/rules/*.mdc`. It also reads skills and agents of other
 * tools. Its agents have no list of tools, only `readonly`.
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
    format: agentFormat(({markdown, name, description}, access) => {
      const refused = access && whyNotReadOnly(access, 'Cursor')
      if (refused) return refused
      const fields = {name, description, ...pick(markdown.frontmatter, ['model', 'is_background'])}
      return {
        text: formatMarkdown({...fields, ...(access && {readonly: true})}, markdown.body),
        adjustments: access && !access.fields.includes('readonly') ? [readOnlyNote] : [],
        limits: access?.fields ?? [],
      }
    }),
  },
  commands: {
    folder: '.cursor/commands',
    extension: '.md',
    format: (definition) => whyNotCommand(definition, 'Cursor') ?? {text: formatMarkdown({}, definition.markdown.body)},
  },
  rules: {folder: '.cursor/rules', extension: '.mdc', format: formatRule},
  alsoReads: {
    '.claude/skills': new Set(['disable-model-invocation', 'paths']),
    '.codex/skills': new Set(['disable-model-invocation', 'paths']),
    '.claude/agents': new Set(['readonly']),
    '.codex/agents': new Set(),
  },
}

const readOnlyNote = 'as a read-only agent, which can still run commands that change nothing'

function formatRule(definition: NamedDefinition): Formatted {
  const activation = activationOf(definition)
  if (isUnsupported(activation)) return activation
  const {file, description, markdown} = definition
  const limits = limitsOfRule(activation)
  // A rule that was written for Cursor stays as it is.
  if (/\.mdc$/i.test(file.path)) return {text: textOf(file), limits}
  const {when} = activation
  const fields = {...(when !== 'manual' && {description}), alwaysApply: when === 'always'}
  const text = formatMarkdown(fields, markdown.body)
  if (when !== 'files') return {text, limits}
  // Bare: Cursor would take quotes for a part of the pattern.
  return {text: text.replace(/^alwaysApply:/m, (line) => `globs: ${activation.globs.join(', ')}\n${line}`), limits}
}
