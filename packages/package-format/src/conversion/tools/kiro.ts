import {agentWithTools, ruleFormat, commandFormat} from '../formatting.js'
import {formatMarkdown} from '../markdown.js'
import type {ToolFormat} from '../tool-format.js'

/** Its tags, which bundle tools. It documents no narrower word than `read` for reading, listing and searching files. */
const vocabulary = {
  read: ['read', 'search', 'find', 'list'],
  write: ['write', 'edit', 'delete'],
  shell: ['shell'],
  web: ['fetch', 'web-search'],
  subagent: ['subagent'],
  todo_list: ['todo'],
} as const

/**
 * Kiro reads skills from `.kiro/skills`, agents in Markdown from `.kiro/agents` (the IDE, and the CLI since 3.0), prompts
 * from `.kiro/prompts`, and steering from `.kiro/steering`, each with an `inclusion`. It doesn't read `.agents/skills`, and
 * starts every skill by itself.
 *
 * @see https://kiro.dev/docs/custom-agents/, 2026-11
 * @see https://kiro.dev/docs/cli/v3/agent-config/, 2026-11
 * @see https://kiro.dev/docs/steering/, 2026-08-18
 */
export const kiro: ToolFormat = {
  name: 'kiro',
  title: 'Kiro',
  skills: {folder: '.kiro/skills', isShared: false, honors: new Set()},
  agents: {
    folder: '.kiro/agents',
    extension: '.md',
    required: ['description'],
    format: agentWithTools({title: 'Kiro', vocabulary}),
  },
  commands: {
    folder: '.kiro/prompts',
    extension: '.md',
    format: commandFormat({title: 'Kiro'}, ({markdown}) => formatMarkdown({}, markdown.body)),
  },
  rules: {
    folder: '.kiro/steering',
    extension: '.md',
    format: ruleFormat((activation, {name, description}) => {
      if (activation.when === 'files') return {inclusion: 'fileMatch', fileMatchPattern: activation.globs}
      return activation.when === 'relevant' ? {inclusion: 'auto', name, description} : {inclusion: activation.when}
    }),
  },
}
