import {existsSync, readFileSync} from 'node:fs'
import {appendFile, mkdir} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, reasonOf} from '@apkg/command-kit'

/**
 * The file that a shell reads when it starts on a terminal; undefined for a shell that is not known.
 *
 * @param shell `bash`, `zsh`, `fish`.
 */
export function startUpFile(shell: string, home: string, env: NodeJS.ProcessEnv): string | undefined {
  switch (shell) {
    case 'zsh':
      return path.join(absolute(env['ZDOTDIR']) ?? home, '.zshrc')
    case 'bash': {
      const names = ['.bashrc', '.bash_profile', '.profile'].map((name) => path.join(home, name))
      return names.find((name) => existsSync(name)) ?? names[0]
    }
    case 'fish':
      return path.join(fishFolder(home, env), 'config.fish')
    default:
      return undefined
  }
}

/** Where fish has what its user configures. */
export function fishFolder(home: string, env: NodeJS.ProcessEnv): string {
  return path.join(absolute(env['XDG_CONFIG_HOME']) ?? path.join(home, '.config'), 'fish')
}

/**
 * Adds a line at the end of a start-up file, with a comment that says whose it is.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export async function addLine(file: string, line: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), {recursive: true})
    await appendFile(file, `\n# Added by apkg\n${line}\n`)
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: file, reason: reasonOf(error)}, {cause: error})
  }
}

/**
 * Whether a text stands in a file.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(text)
  } catch (error) {
    if (isAbsent(error)) return false
    throw failure('FILE_UNREADABLE', {path: file, reason: reasonOf(error)}, {cause: error})
  }
}

function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && path.isAbsolute(folder) ? folder : undefined
}
