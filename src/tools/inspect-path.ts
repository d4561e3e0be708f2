import {createHash} from 'node:crypto'
import {lstatSync, readFileSync, type Stats} from 'node:fs'
import path from 'node:path'

import {isAbsent, reasonOf} from '@apkg/command-kit'

import {isExecutable} from '../project/installation/examine-package.js'

/** What is at a path of a project. */
export type PathState =
  | {kind: 'absent'}
  | {kind: 'file'; /** Hex. */ sha256: string; isExecutable: boolean}
  | {kind: 'folder'}
  /** `reason` is a sentence about the path. */
  | {kind: 'blocked'; reason: string}

/**
 * Looks at a path of a project. What lies behind a link is not looked at.
 *
 * @param project the project's folder, absolute.
 * @param file relative, with forward slashes.
 */
export function inspectPath(project: string, file: string): PathState {
  try {
    return look(project, file.split('/'))
  } catch (error) {
    return {kind: 'blocked', reason: reasonOf(error)}
  }
}

function look(project: string, parts: readonly string[]): PathState {
  for (let depth = 1; depth < parts.length; depth++) {
    const above = parts.slice(0, depth)
    const stat = statOf(path.join(project, ...above))
    if (!stat) return {kind: 'absent'}
    if (stat.isSymbolicLink()) return {kind: 'blocked', reason: `${above.join('/')} is a symbolic link`}
    if (!stat.isDirectory()) return {kind: 'blocked', reason: `${above.join('/')} is no folder`}
  }
  const whole = path.join(project, ...parts)
  const stat = statOf(whole)
  if (!stat) return {kind: 'absent'}
  if (stat.isDirectory()) return {kind: 'folder'}
  if (stat.isSymbolicLink()) return {kind: 'blocked', reason: 'it is a symbolic link'}
  if (!stat.isFile()) return {kind: 'blocked', reason: 'it is no file'}
  const sha256 = createHash('sha256').update(readFileSync(whole)).digest('hex')
  return {kind: 'file', sha256, isExecutable: isExecutable(stat)}
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
