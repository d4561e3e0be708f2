import {lstatSync, readFileSync, type Stats} from 'node:fs'
import path from 'node:path'

import {isAbsent} from '@apkg/command-kit'

import {isExecutable} from '../files/is-executable.js'
import {sha256Of} from '../files/sha256.js'
import {systemRefusal, type FileRefusal} from './try-file-operation.js'

/** The state of a path in a project. */
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

/** Concatenates paths because `path.join` takes as long as the call itself. */
function inspect(project: string, parts: readonly string[]): PathState {
  let file = project
  for (const [depth, part] of parts.slice(0, -1).entries()) {
    file += path.sep + part
    const stat = statOf(file)
    if (!stat) return {kind: 'absent'}
    const above = () => parts.slice(0, depth + 1).join('/')
    if (stat.isSymbolicLink())
      return obstructed(`${above()} is a symbolic link that leaves the project or can't be followed`)
    if (!stat.isDirectory()) return obstructed(`${above()} is not a directory`)
  }
  file += path.sep + (parts.at(-1) ?? '')
  const stat = statOf(file)
  if (!stat) return {kind: 'absent'}
  if (stat.isDirectory()) return {kind: 'folder'}
  if (stat.isSymbolicLink()) return obstructed('it is a symbolic link')
  if (!stat.isFile()) return obstructed('it is not a regular file')
  return {kind: 'file', sha256: sha256Of(readFileSync(file)), isExecutable: isExecutable(stat)}
}

function obstructed(reason: string): PathState {
  return {kind: 'blocked', refusal: {kind: 'obstructed', reason}}
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, {throwIfNoEntry: false})
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
