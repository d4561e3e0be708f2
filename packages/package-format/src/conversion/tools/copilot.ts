import {agentWithTools, pick, ruleFormat, whyNotCommand} from '../formatting.js'
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
    format: agentWithTools({title: 'GitHub Copilot', vocabulary}),
  },
  commands: {
    folder: '.github/prompts',
    extension: '.prompt.md',
    format: (definition) => {
      const {markdown, description} = definition
      const fields = {description, ...pick(markdown.frontmatter, ['argument-hint'])}
      return whyNotCommand(definition, 'GitHub Copilot') ?? {text: formatMarkdown(fields, markdown.body)}
    },
  },
  rules: {
    folder: '.github/instructions',
    extension: '.instructions.md',
    format: ruleFormat((activation, {description}) => {
      if (activation.when === 'files') return {applyTo: activation.globs.join(','), description}
      if (activation.when === 'always') return {applyTo: '**', description}
      // Without `applyTo`, it applies when its description is relevant, or when the user adds it.
      return activation.when === 'relevant' ? {description} : {}
    }),
  },
  alsoReads: {
    '.claude/skills': new Set(['disable-model-invocation', 'user-invocable']),
    // VS Code honors `disallowedTools`, the CLI doesn't.
    '.claude/agents': new Set(['tools']),
    '.claude/rules': new Set(['paths']),
  },
}
