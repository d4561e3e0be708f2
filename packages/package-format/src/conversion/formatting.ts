import {agentAccess, isReadOnly, wordsFor, type AgentAccess, type Vocabulary} from './agent-access.js'
import {
  isKept,
  limitsOfAgent,
  limitsOfCommand,
  withOwnFields,
  type AgentLimit,
  type SkillLimit,
} from './definition-limits.js'
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

type Frontmatter = Readonly<Record<string, unknown>>

/** How a tool limits its agents. */
export interface AgentTraits {
  /** The tool's display name. */
  title: string
  /** The fields that limit when an agent starts or where it works, and that the tool honors. */
  honors?: ReadonlySet<AgentLimit>
}

/**
 * The format of an agent: a function gets its name, its description, what its author lets it use, and the fields to write
 * for the other limits that the tool honors. An agent with a limit that the tool ignores is refused.
 *
 * @param format gets undefined if the author doesn't limit what it may use. It returns the fields that it wrote as `limits`, if
 *   they aren't the author's.
 */
export function agentFormat(
  {title, honors = new Set()}: AgentTraits,
  format: (
    definition: NamedDefinition & {ownFields: Readonly<Record<string, boolean>>},
    access: AgentAccess | undefined,
  ) => Formatted,
): (definition: NamedDefinition) => Formatted {
  return (definition) => {
    const frontmatter = definition.markdown.frontmatter ?? {}
    const access = agentAccess(frontmatter)
    if (access && 'unreadable' in access) return unreadable(access.unreadable)
    const limits = limitsOfAgent(frontmatter)
    const lost = limits.find((limit) => !isKept(limit, honors))
    if (lost) return {unsupported: `${title} ignores \`${lost.field}\` in an agent`}
    const result = format({...definition, ownFields: withOwnFields(limits)}, access)
    if (isUnsupported(result)) return result
    const names = [...(result.limits ?? access?.fields ?? []), ...limits.map(({name}) => name)]
    return {...result, limits: [...new Set(names)]}
  }
}

function unreadable(field: string): Unsupported {
  return {unsupported: `the value of \`${field}\` is not recognized`}
}

/**
 * What an agent gets in a tool that has its own words for permissions.
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
  vocabulary,
  field = 'tools',
  ...traits
}: AgentTraits & {
  vocabulary: Vocabulary
  field?: string
}): (definition: NamedDefinition) => Formatted {
  return agentFormat(traits, ({markdown, name, description, ownFields}, access) => {
    if (!access) return {text: formatMarkdown({name, description, ...ownFields}, markdown.body)}
    const tools = toolWords(access, vocabulary, traits.title)
    if (isUnsupported(tools)) return tools
    const text = formatMarkdown({name, description, ...ownFields, [field]: tools.words}, markdown.body)
    return {text, adjustments: tools.adjustments, limits: [field]}
  })
}

/** Why a tool that only has a read-only mode can't express an agent's limits; undefined if it can. */
export function whyNotReadOnly(access: AgentAccess, title: string): Unsupported | undefined {
  if (isReadOnly(access)) return undefined
  return {unsupported: `${title} can't limit an agent to what \`${access.fields.join('`, `')}\` allows`}
}

/**
 * The format of a command that only a user can start: the text that a function returns. A command with another limit is
 * refused if the tool ignores it.
 */
export function commandFormat(
  {title, honors = () => new Set()}: {title: string; honors?: (frontmatter: Frontmatter) => ReadonlySet<SkillLimit>},
  format: (definition: NamedDefinition) => string | Unsupported,
): (definition: NamedDefinition) => Formatted {
  return (definition) => {
    const {frontmatter = {}} = definition.markdown
    const limits = limitsOfCommand(frontmatter)
    const honored = honors(frontmatter)
    const lost = limits.find(({name}) => name !== 'disable-model-invocation' && !honored.has(name))
    if (lost) return {unsupported: `${title} ignores \`${lost.field}\` in a command`}
    const text = format(definition)
    return isUnsupported(text) ? text : {text, limits: limits.map(({name}) => name)}
  }
}

/** The fields with these names. */
export function pick(
  own: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(own ?? {}).filter(([name]) => names.includes(name)))
}
