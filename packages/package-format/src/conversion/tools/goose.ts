import {rulesInAgentsMd} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

/**
 * Goose reads skills from `.agents/skills`, and AGENTS.md, where rules are listed.
 *
 * @see https://block.github.io/goose/docs/guides/context-engineering/using-skills, 2026-11
 */
export const goose: ToolFormat = {
  name: 'goose',
  title: 'Goose',
  skills: {folder: '.goose/skills', isShared: true, isRecursive: true, honors: new Set()},
  agents: {unsupported: 'Goose does not limit the tools of an agent'},
  commands: {unsupported: 'Goose does not read commands from a project'},
  rules: rulesInAgentsMd,
  alsoReads: {'.claude/skills': new Set(), '.claude/agents': new Set(), '.agents/agents': new Set()},
}
