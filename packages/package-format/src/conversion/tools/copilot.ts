import {limitsOfCommand, type SkillLimit} from '../definition-limits.js'
import {agentWithTools, pick, ruleFormat, commandFormat} from '../formatting.js'
import {allowedTools} from '../grants.js'
import {formatMarkdown} from '../markdown.js'
import type {ToolFormat} from '../tool-format.js'

/** Its tool sets, the same in VS Code and in the CLI. */
const vocabulary = {
  read: ['read'],
  search: ['search', 'find'],
  edit: ['edit', 'write', 'notebook'],
  execute: ['shell'],
  web: ['fetch', 'web-search'],
  agent: ['subagent'],
  todo: ['todo'],
} as const

/** Its own agents that can't change files. */
const limitedAgents: ReadonlySet<string> = new Set(['ask', 'plan'])

/**
 * GitHub Copilot, in VS Code and as a CLI, reads skills from `.agents/skills` and `.github/skills`, agents from
 * `.github/agents/*.agent.md`, prompts from `.github/prompts`, and instructions from `.github/instructions`, which apply to
 * the files that `applyTo` matches.
 *
 * @see https://code.visualstudio.com/docs/copilot/customization/custom-agents, 2026-05-13
 * @see https://code.visualstudio.com/docs/copilot/customization/custom-instructions, 2026-07-15
 * @see https://docs.github.com/en/copilot/reference/custom-agents-configuration, 2026-11
 */
export const copilot: ToolFormat = {
  name: 'copilot',
  title: 'GitHub Copilot',
  skills: {
    folder: '.github/skills',
    isShared: true,
    isRecursive: true,
    honors: new Set(['disable-model-invocation', 'user-invocable']),
    grants: allowedTools,
  },
  agents: {
    folder: '.github/agents',
    extension: '.agent.md',
    required: ['description'],
    format: agentWithTools({
      title: 'GitHub Copilot',
      vocabulary,
      honors: new Set(['disable-model-invocation', 'user-invocable']),
    }),
  },
  commands: {
    folder: '.github/prompts',
    extension: '.prompt.md',
    format: commandFormat({title: 'GitHub Copilot', honors: promptLimits}, ({markdown, description}) => {
      const {frontmatter = {}} = markdown
      // The tools of a prompt come before those of the agent that the user chose.
      if (limitsOfCommand(frontmatter).some(({name}) => name === 'tools'))
        return {
          unsupported: 'in GitHub Copilot, `tools` of a command would override the limits of the agent that runs it',
        }
      const agent = agentOf(frontmatter)
      const fields = {description, ...pick(frontmatter, ['argument-hint']), ...(agent !== undefined && {agent})}
      return formatMarkdown(fields, markdown.body)
    }),
  },
  rules: {
    folder: '.github/instructions',
    extension: '.instructions.md',
    format: ruleFormat((activation, {description, markdown}) => {
      const own = pick(markdown.frontmatter, ['excludeAgent'])
      if (activation.when === 'files') return {applyTo: activation.globs.join(','), description, ...own}
      if (activation.when === 'always') return {applyTo: '**', description, ...own}
      // Without `applyTo`, it applies when its description is relevant, or when the user adds it.
      return activation.when === 'relevant' ? {description, ...own} : own
    }),
  },
  alsoReads: {
    '.claude/skills': new Set(['disable-model-invocation', 'user-invocable']),
    // VS Code honors `disallowedTools`, the CLI doesn't.
    '.claude/agents': new Set(['tools']),
    '.claude/rules': new Set(['paths']),
    // Only the CLI reads them.
    '.claude/commands': new Set(['disable-model-invocation']),
  },
}

/** The limits of a command that it honors, or refuses itself. */
function promptLimits(frontmatter: Readonly<Record<string, unknown>>): ReadonlySet<SkillLimit> {
  return new Set<SkillLimit>(agentOf(frontmatter) === undefined ? ['tools'] : ['tools', 'agent', 'mode'])
}

/** The agent of Copilot that a command is limited to. */
function agentOf(frontmatter: Readonly<Record<string, unknown>>): string | undefined {
  const agent = frontmatter['agent'] ?? frontmatter['mode']
  return typeof agent === 'string' && limitedAgents.has(agent) ? agent : undefined
}
