import {agentWithTools, ruleFormat} from '../formatting.js'
import {sharedRules, triggerFields} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

/** Characters. */
const maxRuleLength = 12_000

const vocabulary = {
  view_file: ['read'],
  grep_search: ['search'],
  find_by_name: ['find'],
  list_dir: ['list'],
  replace_file_content: ['edit'],
  multi_replace_file_content: ['edit'],
  write_to_file: ['write'],
  run_command: ['shell'],
  read_url_content: ['fetch'],
  search_web: ['web-search'],
  invoke_subagent: ['subagent'],
  ask_question: ['ask'],
} as const

/**
 * Antigravity, the successor of Gemini CLI, reads skills from `.agents/skills`, agents from `.agents/agents`, and rules
 * from `.agents/rules`, each with a `trigger`. Workflows were discontinued in November 2026; users start skills by
 * name. It silently drops an agent whose tools aren't a YAML list.
 *
 * @see https://antigravity.google/docs/skills, 2026-09-04
 * @see https://antigravity.google/docs/subagents, 2026-09-29
 * @see https://antigravity.google/docs/rules-workflows, 2026-09-04
 */
export const antigravity: ToolFormat = {
  name: 'antigravity',
  title: 'Antigravity',
  skills: {folder: undefined, isShared: true, honors: new Set()},
  agents: {
    folder: '.agents/agents',
    extension: '.md',
    required: ['name', 'description'],
    format: agentWithTools({title: 'Antigravity', vocabulary}),
  },
  commands: 'skills',
  rules: {
    folder: sharedRules,
    extension: '.md',
    required: ['trigger'],
    format: ruleFormat((activation, {description, markdown}) =>
      [...markdown.body].length > maxRuleLength
        ? {unsupported: `Antigravity truncates rules after ${maxRuleLength} characters`}
        : triggerFields(activation, description),
    ),
  },
}
