import {randomBytes} from 'node:crypto'
import {readlinkSync} from 'node:fs'
import {lstat, rename, rm, symlink} from 'node:fs/promises'
import path from 'node:path'

import {failure, isApkgError, makeFolder, errorReason, unlessAbsent} from '@apkg/command-kit'

import {firstOnPath, isSameFile} from './on-path.js'
import {addLine, fileContains, startUpFile} from './start-up-file.js'

/** How apkg was added to your PATH. */
export interface PathAddition {
  /**
   * `on-path`: this apkg was already on your PATH. `present`: the startup file already had the line. `manual`: add the line
   * yourself.
   */
  status: 'added' | 'present' | 'manual' | 'on-path'
  /** Absolute path of the link to apkg. */
  link: string
  /** Absolute path that the link points to. */
  program: string
  /** Your shell's startup file; null if it is unknown or not needed. */
  file: string | null
  /** The line for the startup file; empty if none is needed. */
  line: string
}

export interface AddToPathOptions {
  home: string
  env: NodeJS.ProcessEnv
  /** Absolute path of apkg's main file. */
  program: string
}

const posixLine = 'export PATH="$HOME/.apkg/bin:$PATH"'
const fishLine = 'fish_add_path $HOME/.apkg/bin'

/**
 * Puts an apkg that isn't installed globally on PATH: links it into `~/.apkg/bin`, and adds this directory to PATH in the
 * shell's startup file. Changes nothing that is already set up.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export async function addToPath({home, env, program}: AddToPathOptions): Promise<PathAddition> {
  const found = firstOnPath(env)
  if (found !== undefined && isSameFile(found, program))
    return {status: 'on-path', link: found, program, file: null, line: ''}
  const link = path.join(home, '.apkg', 'bin', 'apkg')
  await linkTo(link, program)
  const shell = path.basename(env['SHELL'] ?? '')
  const file = startUpFile(shell, home, env)
  const line = shell === 'fish' ? fishLine : posixLine
  if (file === undefined) return {status: 'manual', link, program, file: null, line}
  if (fileContains(file, '.apkg/bin')) return {status: 'present', link, program, file, line}
  await addLine(file, line)
  return {status: 'added', link, program, file, line}
}

/** Creates or replaces a link. Never replaces anything else. */
async function linkTo(link: string, program: string): Promise<void> {
  const unwritable = (reason: string, cause?: unknown) => failure('FILE_UNWRITABLE', {path: link, reason}, {cause})
  try {
    makeFolder(path.dirname(path.dirname(link)))
    makeFolder(path.dirname(link))
    const present = await unlessAbsent(lstat(link))
    if (present?.isSymbolicLink() === true && readlinkSync(link) === program) return
    if (present?.isSymbolicLink() === false) throw unwritable('it already exists and is not a symbolic link')
    const unfinished = `${link}.${randomBytes(6).toString('hex')}`
    await symlink(program, unfinished)
    await rename(unfinished, link).catch(async (error: unknown) => {
      await rm(unfinished, {force: true})
      throw error
    })
  } catch (error) {
    throw isApkgError(error) ? error : unwritable(errorReason(error), error)
  }
}
