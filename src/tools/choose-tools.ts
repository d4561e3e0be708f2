import {knownTools} from '@apkg/package-format'

import {isDetected} from './detect-tools.js'
import {toolTraits, type ToolTraits} from './tool-traits.js'

/** The tools to set up, as selected by flags. */
export interface ToolSelection {
  /** Names of tools, or `all` for those that are set up by default. Undefined if the flag was not given. */
  tools: readonly string[] | undefined
  /** Whether to set up none. */
  none: boolean
}

/** Sets up no tool, but removes the files of packages that are no longer installed. */
export const cleanUpOnly: ToolSelection = {tools: [], none: false}

/**
 * Chooses the tools to set up in a project: those given by flags, else those enabled in the settings, else those whose
 * directory exists. A setting overrides detection for its tool.
 *
 * @param project the project's directory, absolute.
 * @param settings `defaultSetup` in config.json.
 * @param more tools of plugins.
 * @returns their names.
 */
export function chooseTools(
  {tools, none}: ToolSelection,
  settings: Readonly<Record<string, boolean>>,
  project: string,
  more: readonly ({name: string} & ToolTraits)[] = [],
): string[] {
  if (none) return []
  const known = knownTools.map((name) => ({name, ...toolTraits[name]}))
  const usesDefaults = tools === undefined || tools.includes('all')
  const isDefault = (tool: {name: string} & ToolTraits) =>
    Object.hasOwn(settings, tool.name) ? settings[tool.name] === true : isDetected(project, tool)
  return [...known, ...more]
    .filter((tool) => tools?.includes(tool.name) || (usesDefaults && isDefault(tool)))
    .map(({name}) => name)
}
