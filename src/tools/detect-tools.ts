import {statSync} from 'node:fs'
import path from 'node:path'

import {readBoundedSync} from '../files/read-bounded-sync.js'
import type {ToolTraits} from './tool-traits.js'

/** Bytes of settings. */
const maxSize = 1024 * 1024

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
    return setting.test(readBoundedSync(path.join(project, '.vscode/settings.json'), maxSize).toString('utf8'))
  } catch {
    return false
  }
}
