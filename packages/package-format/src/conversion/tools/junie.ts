import {agentWithTools} from '../formatting.js'
import {agentsFile, rulesInAgentsMd} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

const vocabulary = {
  Read: ['read'],
  Grep: ['search'],
  Glob: ['find'],
  Edit: ['edit'],
  Write: ['write'],
  Bash: ['shell'],
  WebSearch: ['web-search'],
  AskUserQuestion: ['ask'],
} as const

/**
 * Junie reads skills from `.agents/skills` and `.junie/skills`, agents from `.junie/agents`, and AGENTS.md, where rules are
 * listed. It ignores `.junie/guidelines` in projects with AGENTS.md. An empty list of tools would allow all of them.
 *
 * @see https://junie.jetbrains.com/docs/agent-skills.html, 2026-10
 * @see https://junie.jetbrains.com/docs/junie-cli-subagents.html, 2026-05
 */
export const junie: ToolFormat = {
  name: 'junie',
  title: 'Junie',
  skills: {folder: '.junie/skills', isShared: true, honors: new Set()},
  agents: {
    folder: '.junie/agents',
    extension: '.md',
    required: ['description'],
    format: agentWithTools({title: 'Junie', vocabulary}),
  },
  commands: {unsupported: 'apkg does not set up commands for Junie'},
  rules: {
    ...rulesInAgentsMd,
    instructions: ['.junie/AGENTS.md', agentsFile, '.junie/guidelines.md', '.junie/guidelines/'],
  },
}
