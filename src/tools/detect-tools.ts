import {statSync} from 'node:fs'
import path from 'node:path'

import type {ToolTraits} from './tool-traits.js'

/** Whether a project shows that a tool is used there: it has the tool's directory, such as `.cursor`. */
export function isDetected(project: string, {folder}: ToolTraits): boolean {
  return statSync(path.join(project, folder), {throwIfNoEntry: false})?.isDirectory() ?? false
}
