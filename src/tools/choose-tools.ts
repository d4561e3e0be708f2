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

/**
 * Chooses the tools to set up in a project: those given by flags, else those that the project lists, else those enabled
 * in the settings, else those detected in the project. A setting overrides detection for its tool.
 *
 * @param folder the project's directory, absolute.
 * @param more tools of plugins.
 * @returns their names. `explicit`: those that a flag names, which a package's `targets` don't exclude.
 */
export function chooseTools(
  {tools, none}: ToolSelection,
  preferences: ToolPreferences,
  folder: string,
  more: readonly ({name: string} & ToolTraits)[] = [],
): {names: string[]; explicit: ReadonlySet<string>} {
  if (none) return {names: [], explicit: new Set()}
  const known = [...knownTools.map((name) => ({name, ...toolTraits[name]})), ...more]
  const explicit = new Set((tools ?? []).map(canonical).filter((name) => name !== 'all'))
  const usesDefaults = tools === undefined || tools.includes('all')
  const byDefault = usesDefaults ? new Set(defaultTools(known, preferences, folder)) : new Set<string>()
  const names = [...known.map(({name}) => name), sharedTool.name]
  return {names: names.filter((name) => explicit.has(name) || byDefault.has(name)), explicit}
}

function defaultTools(
  known: readonly ({name: string} & ToolTraits)[],
  {project, user}: ToolPreferences,
  folder: string,
): string[] {
  if (project) return project.map(canonical)
  const settings = Object.fromEntries(Object.entries(user).map(([name, isOn]) => [canonical(name), isOn]))
  const chosen = known
    .filter((tool) => (Object.hasOwn(settings, tool.name) ? settings[tool.name] : isDetected(folder, tool)))
    .map(({name}) => name)
  // Other tools read and create it too.
  return chosen.length === 0 && isDetected(folder, sharedTool) ? [sharedTool.name] : chosen
}

/** The present name of a tool. */
function canonical(name: string): string {
  return toolNamed(name) ?? name
}
