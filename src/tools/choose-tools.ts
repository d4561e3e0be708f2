import {statSync} from 'node:fs'
import path from 'node:path'

import {knownTools} from '@apkg/package-format'

import {toolTraits, type ToolTraits} from './tool-traits.js'

/** Which tools a run is to set up, as flags say it. */
export interface ToolSelection {
  /** Names of tools, or `all` for those that would be set up without a wish. Undefined: no wish. */
  tools: readonly string[] | undefined
  /** Whether none is to be set up. */
  none: boolean
}

/** No tool gets anything, and what packages that are gone have left is removed. */
export const cleanUpOnly: ToolSelection = {tools: [], none: false}

/**
 * The tools that are set up in a project: those that flags name; else, for each tool, what the settings say of it; else
 * those whose folder is there.
 *
 * @param project the project's folder, absolute.
 * @param settings `defaultSetup` of config.json.
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
  const fallsBack = tools === undefined || tools.includes('all')
  const isUsual = (name: string, folder: string) =>
    Object.hasOwn(settings, name) ? settings[name] === true : isThere(project, folder)
  return [...known, ...more]
    .filter(({name, folder}) => tools?.includes(name) || (fallsBack && isUsual(name, folder)))
    .map(({name}) => name)
}

function isThere(project: string, folder: string): boolean {
  return statSync(path.join(project, folder), {throwIfNoEntry: false})?.isDirectory() ?? false
}
