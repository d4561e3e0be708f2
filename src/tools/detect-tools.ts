import {readFileSync, statSync} from 'node:fs'
import path from 'node:path'

import type {ToolTraits} from './tool-traits.js'

/** Whether a project shows that a tool is used there: it has one of the tool's directories or files, such as `.cursor`. */
export function isDetected(project: string, {title, marks}: ToolTraits): boolean {
  return marks.some((mark) => exists(path.join(project, mark))) || (title === 'GitHub Copilot' && hasSettings(project))
}

function exists(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false}) !== undefined
}

/** Whether the project's settings for VS Code configure Copilot. */
function hasSettings(project: string): boolean {
  try {
    return /"(?:github\.copilot|chat)\./.test(readFileSync(path.join(project, '.vscode/settings.json'), 'utf8'))
  } catch {
    return false
  }
}
