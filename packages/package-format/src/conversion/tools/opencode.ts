import {agentFormat, toolWords, commandFormat} from '../formatting.js'
import {shellLines} from '../grants.js'
import {formatMarkdown} from '../markdown.js'
import {agentsFile, rulesInAgentsMd} from '../rules-in-agents-md.js'
import {isUnsupported, type SkillContent, type ToolFormat, type Unsupported} from '../tool-format.js'

/** The keys of `permission`. */
const vocabulary = {
  read: ['read'],
  grep: ['search'],
  glob: ['find'],
  list: ['list'],
  edit: ['edit', 'write', 'notebook'],
  bash: ['shell'],
  webfetch: ['fetch'],
  websearch: ['web-search'],
  task: ['subagent'],
  todowrite: ['todo'],
  todoread: ['todo'],
  skill: ['skill'],
} as const

/**
 * OpenCode reads skills from `.agents/skills`, agents from `.opencode/agents`, commands from `.opencode/commands`, and
 * AGENTS.md, where rules are listed. It starts every skill by itself, and runs the shell lines of a text that the user
 * starts. In `permission`, the last matching entry wins, and `allow` would override the user's own settings.
 *
 * @see https://opencode.ai/docs/skills, 2026-08
 * @see https://opencode.ai/docs/agents, 2026-08
 * @see https://opencode.ai/docs/permissions, 2026-08
 */
export const opencode: ToolFormat = {
  name: 'opencode',
  title: 'OpenCode',
  skills: {
    folder: '.opencode/skills',
    isShared: true,
    honors: new Set(),
    grants: (skill) => whyItRuns(skill) ?? [],
  },
  agents: {
    folder: '.opencode/agents',
    extension: '.md',
    required: ['description'],
    format: agentFormat({title: 'OpenCode'}, ({markdown, description}, access) => {
      const fields = {description, mode: 'subagent'}
      if (!access) return {text: formatMarkdown(fields, markdown.body)}
      const tools = toolWords(access, vocabulary, 'OpenCode')
      if (isUnsupported(tools)) return tools
      const permission: Record<string, string> = {'*': 'deny'}
      for (const word of tools.words) permission[word] = 'ask'
      const text = formatMarkdown({...fields, permission}, markdown.body)
      return {text, adjustments: tools.adjustments}
    }),
  },
  commands: {
    folder: '.opencode/commands',
    extension: '.md',
    format: commandFormat(
      {title: 'OpenCode'},
      ({markdown, description}) => whyItRuns(markdown) ?? formatMarkdown({description}, markdown.body),
    ),
  },
  rules: {...rulesInAgentsMd, instructions: [agentsFile, 'CLAUDE.md']},
  alsoReads: {'.claude/skills': new Set()},
}

function whyItRuns(content: Pick<SkillContent, 'body'>): Unsupported | undefined {
  const [first] = shellLines(content)
  return first === undefined ? undefined : {unsupported: `OpenCode would run ${first} without asking`}
}
