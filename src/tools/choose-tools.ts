import {knownTools, toolNamed} from '@apkg/package-format'

import {isDetected} from './detect-tools.js'
import {sharedTool, toolTraits, type ToolTraits} from './tool-traits.js'

/** The tools to set up, as selected by flags. */
export interface ToolSelection {
  /** Names of tools, or `all` for those that are set up by default. Undefined if the flag was not given. */
  tools: readonly string[] | undefined
  /** Whether to set up none. */
  none: boolean
}

/** Sets up no tool, but removes the files of packages that are no longer installed. */
export const cleanUpOnly: ToolSelection = {tools: [], none: false}

/** What a project and its user chose. */
export interface ToolPreferences {
  /** `tools` in the project's apkg.json. */
  project?: readonly string[] | undefined
  /** `defaultSetup` in config.json: whether a tool is set up, by its name. */
  user: Readonly<Record<string, boolean>>
}

/** The tools to set up in a project. */
export interface ChosenTools {
  names: string[]
  /** Those that a flag names, which a package's `targets` don't exclude. */
  explicit: ReadonlySet<string>
  /** Whether they were found in the project, and not chosen by flags, the project or the user's settings. */
  isDetected: boolean
  /** Whether no tool was chosen or detected, so that only `.agents/skills` is set up. */
  isFallback: boolean
  /** Names of all tools. */
  known: string[]
  /** Unknown names in the project's `tools`. */
  unknown: string[]
}

/**
 * Chooses the tools to set up in a project: those given by flags, else those that the project lists, else those enabled
 * in the settings, else those detected in the project, else `.agents/skills`. A setting overrides detection for its tool.
 *
 * @param folder the project's directory, absolute.
 * @param more tools of plugins.
 */
export function chooseTools(
  {tools, none}: ToolSelection,
  preferences: ToolPreferences,
  folder: string,
  more: readonly ({name: string} & ToolTraits)[] = [],
): ChosenTools {
  const known = [...knownTools.map((name) => ({name, ...toolTraits[name]})), ...more]
  const names = [...known.map(({name}) => name), sharedTool.name]
  if (none) return {names: [], explicit: new Set(), isDetected: false, isFallback: false, known: names, unknown: []}
  const explicit = new Set((tools ?? []).map(canonical).filter((name) => name !== 'all'))
  const usesDefaults = tools === undefined || tools.includes('all')
  const defaults = usesDefaults ? defaultTools(known, preferences, folder) : []
  const isFallback = usesDefaults && defaults === undefined
  const hasChosen =
    explicit.size > 0 || preferences.project !== undefined || Object.values(preferences.user).includes(true)
  const chosen = new Set([...explicit, ...(defaults ?? [sharedTool.name])])
  const unknown = usesDefaults ? (preferences.project ?? []).filter((name) => !names.includes(canonical(name))) : []
  return {
    names: names.filter((name) => chosen.has(name)),
    explicit,
    isDetected: usesDefaults && !isFallback && !hasChosen,
    isFallback,
    known: names,
    unknown,
  }
}

/** Undefined if no tool was chosen or detected. */
function defaultTools(
  known: readonly ({name: string} & ToolTraits)[],
  {project, user}: ToolPreferences,
  folder: string,
): string[] | undefined {
  if (project) return project.map(canonical)
  const settings = Object.fromEntries(Object.entries(user).map(([name, isOn]) => [canonical(name), isOn]))
  const chosen = known
    .filter((tool) => (Object.hasOwn(settings, tool.name) ? settings[tool.name] : isDetected(folder, tool)))
    .map(({name}) => name)
  if (chosen.length > 0) return chosen
  // Other tools read and create it too.
  if (isDetected(folder, sharedTool)) return [sharedTool.name]
  return Object.keys(settings).length > 0 ? [] : undefined
}

/** The present name of a tool. */
function canonical(name: string): string {
  return toolNamed(name) ?? name
}
