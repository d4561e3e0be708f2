import {agentsFile, rulesInAgentsMd} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

/**
 * Amp reads skills from `.agents/skills`, and AGENTS.md, where rules are listed. Executables in a skill's `toolbox/` become
 * tools that run without asking.
 *
 * @see https://ampcode.com/docs/customize/skills, 2026-11
 * @see https://ampcode.com/manual, 2026-08-18
 */
export const amp: ToolFormat = {
  name: 'amp',
  title: 'Amp',
  skills: {
    folder: undefined,
    isShared: true,
    honors: new Set(),
    grants: ({paths}) =>
      paths.some((path) => /^toolbox\//i.test(path))
        ? {unsupported: 'Amp would run the programs in toolbox/ without asking'}
        : [],
  },
  agents: {unsupported: 'Amp does not read agents from a project'},
  commands: {unsupported: 'Amp does not read commands from a project'},
  rules: {...rulesInAgentsMd, instructions: [agentsFile, 'AGENT.md', 'CLAUDE.md']},
  alsoReads: {'.claude/skills': new Set()},
}
