import {existsSync, readFileSync} from 'node:fs'
import {appendFile} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, errorReason, makeFolder} from '@apkg/command-kit'

/**
 * The startup file of an interactive shell.
 *
 * @param shell `bash`, `zsh` or `fish`.
 * @returns undefined for any other shell.
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

/** fish's configuration directory. */
export function fishFolder(home: string, env: NodeJS.ProcessEnv): string {
  return path.join(absolute(env['XDG_CONFIG_HOME']) ?? path.join(home, '.config'), 'fish')
}

/**
 * Appends a line to a startup file, with a comment that says that apkg added it.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export async function addLine(file: string, line: string): Promise<void> {
  try {
    makeFolder(path.dirname(file))
    await appendFile(file, `\n# Added by apkg\n${line}\n`)
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}

/**
 * Whether a file contains a text.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export function fileContains(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(text)
  } catch (error) {
    if (isAbsent(error)) return false
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}

function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && path.isAbsolute(folder) ? folder : undefined
}
