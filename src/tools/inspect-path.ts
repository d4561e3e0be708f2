import {createHash} from 'node:crypto'
import {lstatSync, readFileSync, type Stats} from 'node:fs'
import path from 'node:path'

import {isAbsent} from '@apkg/command-kit'

import {isExecutable} from '../files/is-executable.js'
import {systemRefusal, type FileRefusal} from './try-file-operation.js'

/** What a path in a project is. */
export type PathState =
  | {kind: 'absent'}
  | {kind: 'file'; /** Hex. */ sha256: string; isExecutable: boolean}
  | {kind: 'folder'}
  /** Must not be read or written. */
  | {kind: 'blocked'; refusal: FileRefusal}

/**
 * Inspects a path in a project without following links.
 *
 * @param project the project's directory, absolute.
 * @param file relative, with forward slashes.
 */
export function inspectPath(project: string, file: string): PathState {
  try {
    return inspect(project, file.split('/'))
  } catch (error) {
    return {kind: 'blocked', refusal: systemRefusal(error)}
  }
}

function inspect(project: string, parts: readonly string[]): PathState {
  for (let depth = 1; depth < parts.length; depth++) {
    const above = parts.slice(0, depth)
    const stat = statOf(path.join(project, ...above))
    if (!stat) return {kind: 'absent'}
    if (stat.isSymbolicLink())
      return obstructed(`${above.join('/')} is a symbolic link that leaves the project or can't be followed`)
    if (!stat.isDirectory()) return obstructed(`${above.join('/')} is not a directory`)
  }
  const file = path.join(project, ...parts)
  const stat = statOf(file)
  if (!stat) return {kind: 'absent'}
  if (stat.isDirectory()) return {kind: 'folder'}
  if (stat.isSymbolicLink()) return obstructed('it is a symbolic link')
  if (!stat.isFile()) return obstructed('it is not a regular file')
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  return {kind: 'file', sha256, isExecutable: isExecutable(stat)}
}

function obstructed(reason: string): PathState {
  return {kind: 'blocked', refusal: {kind: 'obstructed', reason}}
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
