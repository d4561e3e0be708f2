import {agentAccess} from './agent-access.js'
import {flagOf} from './flag.js'

/** Limits of a skill or a command, each by the name of Claude Code's field for it. */
export const skillLimits = [
  'disable-model-invocation',
  'user-invocable',
  'paths',
  'context',
  'disallowed-tools',
  'disallowedTools',
  'readonly',
] as const

/** A limit on when a skill or a command runs, or what it may do. The last three are only limits of commands. */
export type SkillLimit = (typeof skillLimits)[number] | 'tools' | 'agent' | 'mode'

/** A limit on when an agent starts or where it works. What it may use is its access. */
export type AgentLimit =
  | 'disable-model-invocation'
  | 'user-invocable'
  | 'paths'
  | 'context'
  | 'isolation'
  | 'permissionMode'
  | 'disable'
  | 'toolsSettings'

/** A limit that an author set. */
export interface FoundLimit<Name extends string> {
  name: Name
  /** The field with which the author set it, in the syntax of any tool: `infer` for `disable-model-invocation`. */
  field: string
}

type Frontmatter = Readonly<Record<string, unknown>>

/** A field with a test of whether its value limits anything. The value is never absent or empty. */
type Reading = readonly [field: string, isLimiting: (value: unknown) => boolean]

/** A value without a known meaning is treated as a limit. */
const isNotOff = (value: unknown): boolean => flagOf(value) !== false
const isNotOn = (value: unknown): boolean => flagOf(value) !== true
const isOn = (value: unknown): boolean => flagOf(value) === true
const isOff = (value: unknown): boolean => flagOf(value) === false
const isSet = (value: unknown): boolean => !(Array.isArray(value) && value.length === 0)

/** Codex's name for it, in `agents/openai.yaml`. */
export const implicitInvocation = 'allow_implicit_invocation'

const ofSkills: Readonly<Partial<Record<SkillLimit, readonly Reading[]>>> = {
  'disable-model-invocation': [
    ['disable-model-invocation', isNotOff],
    [implicitInvocation, isNotOn],
    ['triggers', (value) => lacksTrigger(value, 'model')],
    ['metadata', (value) => isOff(valueIn(value, 'opencode/autoinvoke'))],
  ],
  'user-invocable': [
    ['user-invocable', isNotOn],
    ['triggers', (value) => lacksTrigger(value, 'user')],
    ['metadata', (value) => isOff(valueIn(value, 'opencode/slash'))],
  ],
  paths: [['paths', isSet]],
  context: [
    ['context', isSet],
    ['subagent', isOn],
    ['subtask', isOn],
  ],
  'disallowed-tools': [['disallowed-tools', isSet]],
  disallowedTools: [['disallowedTools', isSet]],
  readonly: [['readonly', isNotOff]],
}

const ofCommands: typeof ofSkills = {
  ...ofSkills,
  tools: [['tools', (value) => agentAccess({tools: value}) !== undefined]],
  agent: [['agent', (value) => !unlimitedAgents.has(value)]],
  mode: [['mode', (value) => !unlimitedAgents.has(value)]],
}

/** The agents with all tools: of VS Code, OpenCode and Claude Code. */
const unlimitedAgents: ReadonlySet<unknown> = new Set(['agent', 'build', 'general-purpose'])

const ofAgents: Readonly<Record<AgentLimit, readonly Reading[]>> = {
  'disable-model-invocation': [
    ['disable-model-invocation', isNotOff],
    ['infer', isNotOn],
    ['mode', (value) => value === 'primary'],
    ['subagent', isOff],
  ],
  'user-invocable': [
    ['user-invocable', isNotOn],
    ['mainAgent', isOff],
  ],
  paths: [['paths', isSet]],
  context: [['context', isSet]],
  isolation: [['isolation', isSet]],
  permissionMode: [['permissionMode', (value) => value === 'dontAsk']],
  // Kiro: the commands and paths that a tool may and may not use.
  toolsSettings: [['toolsSettings', isSet]],
  disable: [
    ['disable', isNotOff],
    ['disabled', isNotOff],
    ['enabled', isNotOn],
  ],
}

/** The limits of a skill. */
export function limitsOfSkill(frontmatter: Frontmatter): FoundLimit<SkillLimit>[] {
  return find(ofSkills, frontmatter)
}

/** The limits of a command. */
export function limitsOfCommand(frontmatter: Frontmatter): FoundLimit<SkillLimit>[] {
  return find(ofCommands, frontmatter)
}

/** The limits of an agent, except for what it may use. */
export function limitsOfAgent(frontmatter: Frontmatter): FoundLimit<AgentLimit>[] {
  return find(ofAgents, frontmatter)
}

/** The fields that are written whatever the author called them. Older versions of Claude Code only accept `true` and `false`. */
const ownFields: Readonly<Partial<Record<SkillLimit | AgentLimit, boolean>>> = {
  'disable-model-invocation': true,
  'user-invocable': false,
}

/** Whether a tool that honors some limits keeps one of them in a file with `withOwnFields`. */
export function isKept<Name extends SkillLimit | AgentLimit>(
  {name, field}: FoundLimit<Name>,
  honored: ReadonlySet<string>,
): boolean {
  return honored.has(name) && (field === name || ownFields[name] !== undefined)
}

/** The fields to write for limits, whatever their author called them and whichever words the author used. */
export function withOwnFields(limits: readonly FoundLimit<SkillLimit | AgentLimit>[]): Record<string, boolean> {
  return Object.fromEntries(
    limits.flatMap(({name}) => (ownFields[name] === undefined ? [] : [[name, ownFields[name]] as const])),
  )
}

function find<Name extends string>(
  table: Readonly<Partial<Record<Name, readonly Reading[]>>>,
  frontmatter: Frontmatter,
): FoundLimit<Name>[] {
  return (Object.entries(table) as [Name, readonly Reading[]][]).flatMap(([name, readings]) => {
    const [found] = readings.filter(([field, isLimiting]) => {
      const value = frontmatter[field]
      return value !== undefined && value !== null && value !== '' && isLimiting(value)
    })
    return found ? [{name, field: found[0]}] : []
  })
}

/** Devin: who can start a skill. Other lists under this name hold keywords. */
function lacksTrigger(value: unknown, starter: 'user' | 'model'): boolean {
  const words: unknown[] = Array.isArray(value) ? value : [value]
  return words.every((word) => word === 'user' || word === 'model') && !words.includes(starter)
}

function valueIn(map: unknown, key: string): unknown {
  return typeof map === 'object' && map !== null && Object.hasOwn(map, key)
    ? (map as Record<string, unknown>)[key]
    : undefined
}
