import {activationOf, limitsOfRule} from './formatting.js'
import {formatMarkdown} from './markdown.js'
import type {ReadableActivation} from './formatting.js'
import {isUnsupported, type DefinitionFormat} from './tool-format.js'

/** The directory for rules that tools read because AGENTS.md lists them. Antigravity reads the directory itself. */
export const sharedRules = '.agents/rules'

/** The file that lists rules. */
export const agentsFile = 'AGENTS.md'

/**
 * Rules for the tools that read AGENTS.md instead of a directory of rules: each is a file that AGENTS.md lists, with the
 * files that it's for. The tool reads it when it's relevant.
 */
export const rulesInAgentsMd: DefinitionFormat = {
  folder: sharedRules,
  extension: '.md',
  isListed: true,
  format: (definition) => {
    const activation = activationOf(definition)
    if (isUnsupported(activation)) return activation
    if (activation.when === 'manual') {
      return {unsupported: 'the rule only applies when it is mentioned, and rules in AGENTS.md always apply'}
    }
    const fields = triggerFields(activation, definition.description)
    return {text: formatMarkdown(fields, definition.markdown.body), limits: limitsOfRule(activation)}
  },
}

/** The fields that Devin and Antigravity read. Both ignore a rule without `trigger`, or treat it in different ways. */
export function triggerFields(activation: ReadableActivation, description: string): Record<string, unknown> {
  if (activation.when === 'files') return {trigger: 'glob', globs: activation.globs.join(','), description}
  const triggers = {always: 'always_on', relevant: 'model_decision', manual: 'manual'}
  return {trigger: triggers[activation.when], description}
}
