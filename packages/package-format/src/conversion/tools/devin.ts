import {agentWithTools, ruleFormat} from '../formatting.js'
import {allowedTools} from '../grants.js'
import {triggerFields} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

/** Characters. */
const maxRuleLength = 12_000

const vocabulary = {
  read: ['read'],
  grep: ['search'],
  glob: ['find'],
  edit: ['edit'],
  write: ['write'],
  exec: ['shell'],
  webfetch: ['fetch'],
  web_search: ['web-search'],
} as const

/**
 * Devin, formerly Windsurf, reads skills from `.agents/skills` and `.devin/skills`, agents from
 * `.devin/agents/<name>/AGENT.md`, and rules from `.devin/rules`, each with a `trigger`. Its users start skills by
 * name; workflows were discontinued with Windsurf. It still reads `.windsurf`.
 *
 * @see https://docs.devin.ai/cli/extensibility/skills, 2026-10-09
 * @see https://docs.devin.ai/cli/subagents, 2026-10-09
 */
export const devin: ToolFormat = {
  name: 'devin',
  title: 'Devin',
  skills: {
    folder: '.devin/skills',
    isShared: true,
    honors: new Set(['disable-model-invocation', 'user-invocable']),
    honorsShared: new Set(),
    limitFields: (limits) => ({
      ...(limits.has('disable-model-invocation') && {triggers: ['user']}),
      ...(limits.has('user-invocable') && {triggers: limits.has('disable-model-invocation') ? [] : ['model']}),
    }),
    grants: allowedTools,
  },
  agents: {
    folder: '.devin/agents',
    extension: '/AGENT.md',
    required: ['name', 'description'],
    format: agentWithTools({title: 'Devin', vocabulary, field: 'allowed-tools'}),
  },
  commands: 'skills',
  rules: {
    folder: '.devin/rules',
    extension: '.md',
    required: ['trigger'],
    format: ruleFormat((activation, {description, markdown}) => {
      if ([...markdown.body].length > maxRuleLength)
        return {unsupported: `Devin truncates rules after ${maxRuleLength} characters`}
      const fields = triggerFields(activation, description)
      // Its CLI only accepts a list.
      return activation.when === 'files' ? {...fields, globs: activation.globs} : fields
    }),
  },
  alsoReads: {
    '.claude/skills': new Set(),
    '.claude/commands': new Set(),
    '.cursor/skills': new Set(),
    '.windsurf/skills': new Set(),
    '.agents/agents': new Set(),
  },
}
