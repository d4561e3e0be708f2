import {readFileSync, statSync} from 'node:fs'
import path from 'node:path'

import type {ToolTraits} from './tool-traits.js'

/** Whether a tool is detected in a project: it has one of the tool's directories or files, such as `.cursor`. */
export function isDetected(project: string, {marks, setting}: ToolTraits): boolean {
  return (
    marks.some((mark) => exists(path.join(project, mark))) || (setting !== undefined && hasSetting(project, setting))
  )
}

function exists(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false}) !== undefined
}

function hasSetting(project: string, setting: RegExp): boolean {
  try {
    return setting.test(readFileSync(path.join(project, '.vscode/settings.json'), 'utf8'))
  } catch {
    return false
  }
}
