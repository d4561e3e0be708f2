import {agentWithTools, ruleFormat} from '../formatting.js'
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
 * Junie reads skills from `.agents/skills` and `.junie/skills`, agents from `.junie/agents`, and guidelines from
 * `.junie/guidelines` in projects without AGENTS.md. An empty list of tools would allow all of them.
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
  commands: {unsupported: 'Junie does not read commands from a project'},
  rules: {
    folder: '.junie/guidelines',
    extension: '.md',
    givesWayTo: ['.junie/AGENTS.md', 'AGENTS.md'],
    format: ruleFormat(({when}) =>
      when === 'always' ? {} : {unsupported: 'Junie applies every guideline, and this rule only applies sometimes'},
    ),
  },
}
