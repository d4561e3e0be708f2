import {agentAccess, isReadOnly, wordsFor, type AgentAccess, type Vocabulary} from './agent-access.js'
import {limitsOfSkill} from './grants.js'
import {formatMarkdown} from './markdown.js'
import {ruleActivation, type RuleActivation} from './rule-activation.js'
import {isUnsupported, type Formatted, type NamedDefinition, type Unsupported} from './tool-format.js'

/** When a rule applies, without the case that it can't be read. */
export type ReadableActivation = Exclude<RuleActivation, {when: 'unreadable'}>

/** When a rule applies, or why it can't be read. */
export function activationOf({markdown, file}: NamedDefinition): ReadableActivation | Unsupported {
  const activation = ruleActivation({frontmatter: markdown.frontmatter, path: file.path})
  return activation.when === 'unreadable' ? unreadable(activation.field) : activation
}

/** The limits of a rule's file: none if it always applies. */
export function limitsOfRule({when}: ReadableActivation): string[] {
  return when === 'always' ? [] : [when === 'files' ? 'paths' : 'alwaysApply']
}

/**
 * The format of a rule: Markdown with the fields that a function returns for its activation, or why the tool can't have
 * a rule with this activation.
 */
export function ruleFormat(
  fieldsOf: (activation: ReadableActivation, definition: NamedDefinition) => Record<string, unknown> | Unsupported,
): (definition: NamedDefinition) => Formatted {
  return (definition) => {
    const activation = activationOf(definition)
    if (isUnsupported(activation)) return activation
    const fields = fieldsOf(activation, definition)
    if (isUnsupported(fields)) return fields
    return {text: formatMarkdown(fields, definition.markdown.body), limits: limitsOfRule(activation)}
  }
}

/**
 * The format of an agent: a function gets its name, its description, and what its author lets it use.
 *
 * @param format gets undefined if the author sets no limit.
 */
export function agentFormat(
  format: (definition: NamedDefinition, access: AgentAccess | undefined) => Formatted,
): (definition: NamedDefinition) => Formatted {
  return (definition) => {
    const access = agentAccess(definition.markdown.frontmatter ?? {})
    if (access && 'unreadable' in access) return unreadable(access.unreadable)
    return format(definition, access)
  }
}

function unreadable(field: string): Unsupported {
  return {unsupported: `the value of \`${field}\` is not recognized`}
}

/**
 * What a tool with a list of its own words gives an agent.
 *
 * @returns the words, with what the author allowed and they don't; or that none of them fits.
 */
export function toolWords(
  access: AgentAccess,
  vocabulary: Vocabulary,
  title: string,
): {words: string[]; adjustments: string[]} | Unsupported {
  const {words, missing} = wordsFor(access, vocabulary)
  if (words.length === 0)
    return {unsupported: `${title} has none of the tools that \`${access.fields.join('`, `')}\` allows`}
  if (missing === undefined) return {words, adjustments: [`with these tools only: ${words.join(', ')}`]}
  return {
    words,
    adjustments:
      missing.length === 0 ? [] : [`without the tool${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`],
  }
}

/** The format of an agent in a tool whose agents have a list of tools. Without a list, they get all of them. */
export function agentWithTools({
  title,
  vocabulary,
  field = 'tools',
}: {
  title: string
  vocabulary: Vocabulary
  field?: string
}): (definition: NamedDefinition) => Formatted {
  return agentFormat(({markdown, name, description}, access) => {
    if (!access) return {text: formatMarkdown({name, description}, markdown.body)}
    const tools = toolWords(access, vocabulary, title)
    if (isUnsupported(tools)) return tools
    const text = formatMarkdown({name, description, [field]: tools.words}, markdown.body)
    return {text, adjustments: tools.adjustments, limits: access.fields}
  })
}

/** Why a tool that only has a read-only mode can't express an agent's limits; undefined if it can. */
export function whyNotReadOnly(access: AgentAccess, title: string): Unsupported | undefined {
  if (isReadOnly(access)) return undefined
  return {unsupported: `${title} can't limit an agent to what \`${access.fields.join('`, `')}\` allows`}
}

/** Why a command that only a user can start must not be written; undefined if it can be. */
export function whyNotCommand({markdown}: NamedDefinition, title: string): Unsupported | undefined {
  const frontmatter = markdown.frontmatter ?? {}
  const [limit] = limitsOfSkill(frontmatter).filter((each) => each !== 'disable-model-invocation')
  if (limit !== undefined) return {unsupported: `${title} ignores \`${limit}\``}
  return Object.hasOwn(frontmatter, 'tools') ? {unsupported: `${title} ignores \`tools\` in a command`} : undefined
}

/** The fields with these names. */
export function pick(
  own: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own ?? {}).filter(([name]) => names.includes(name)))
}
