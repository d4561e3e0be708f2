import {textOf} from '../conversion.js'
import {finding, type Finding} from './finding.js'
import type {LintedDefinition} from './linted-definition.js'

/** Lines (Agent Skills specification). */
const maxSkillLines = 500

/**
 * Characters of an agent that Copilot CLI reads.
 *
 * @see https://docs.github.com/en/copilot/reference/custom-agents-configuration, fall 2026
 */
const maxAgentLength = 30_000

/** Finds definitions that are longer than tools read, or than the specification recommends. */
export function checkLength({type, file, markdown}: LintedDefinition): Finding[] {
  if (type === 'skill') {
    const lines = textOf(file).split('\n').length
    const message = `SKILL.md has ${lines} lines, and is loaded in full. Move details to other files, to stay under ${maxSkillLines}`
    return lines > maxSkillLines ? [finding('skill-too-long', file.path, message)] : []
  }
  if (type !== 'agent' || markdown.body.length <= maxAgentLength) return []
  const message = `The agent has ${markdown.body.length} characters. Copilot reads at most ${maxAgentLength}`
  return [finding('agent-too-long', file.path, message)]
}
