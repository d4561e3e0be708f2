import {statSync} from 'node:fs'
import path from 'node:path'

import {knownTools} from '@apkg/package-format'

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
  const isDefault = (name: string, folder: string) =>
    Object.hasOwn(settings, name) ? settings[name] === true : hasFolder(project, folder)
  return [...known, ...more]
    .filter(({name, folder}) => tools?.includes(name) || (usesDefaults && isDefault(name, folder)))
    .map(({name}) => name)
}

function hasFolder(project: string, folder: string): boolean {
  return statSync(path.join(project, folder), {throwIfNoEntry: false})?.isDirectory() ?? false
}
