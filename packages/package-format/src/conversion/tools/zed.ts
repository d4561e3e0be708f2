import {agentsFile, rulesInAgentsMd} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

const instructions = [
  ...['.rules', '.cursorrules', '.windsurfrules', '.clinerules', '.github/copilot-instructions.md', 'AGENT.md'],
  ...[agentsFile, 'CLAUDE.md', 'GEMINI.md'],
]

/**
 * Zed reads skills from `.agents/skills`, and AGENTS.md, where rules are listed.
 *
 * @see https://zed.dev/docs/ai/skills, 2026-08
 * @see https://zed.dev/docs/ai/instructions, 2026-11-29
 */
export const zed: ToolFormat = {
  name: 'zed',
  title: 'Zed',
  skills: {folder: undefined, isShared: true, honors: new Set(['disable-model-invocation'])},
  agents: {unsupported: 'Zed does not read agents from a project'},
  commands: {unsupported: 'Zed does not read commands from a project'},
  rules: {...rulesInAgentsMd, instructions},
}
