import {lstatSync, mkdirSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

import {errorCode} from '../files/system-error.js'

/** The permissions of the group and of everyone else. */
const accessByOthers = 0o077

/**
 * Returns a private (0700) directory for files that only this CI job needs. It is in the directory that GitHub Actions
 * empties after each job, in the user's runtime directory, or else in the system's temporary directory. Another user
 * could have created it there, so a directory that isn't private is never used.
 *
 * @param user the effective user ID; undefined on Windows, where owners and modes work differently
 * @returns undefined if there is none
 */
export function jobFolder(env: NodeJS.ProcessEnv, user = process.geteuid?.()): string | undefined {
  const parents = [env['RUNNER_TEMP'], env['XDG_RUNTIME_DIR'], tmpdir()]
  const name = user === undefined ? 'apkg' : `apkg-${user}`
  return parents
    .filter((parent) => parent !== undefined && path.isAbsolute(parent))
    .map((parent) => path.join(parent ?? '', name))
    .find((folder) => isPrivate(folder, user))
}

/** Creates the directory if its parent exists. */
function isPrivate(folder: string, user: number | undefined): boolean {
  try {
    makeOne(folder)
    const found = lstatSync(folder)
    if (!found.isDirectory()) return false
    return user === undefined || (found.uid === user && (found.mode & accessByOthers) === 0)
  } catch {
    return false
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}
