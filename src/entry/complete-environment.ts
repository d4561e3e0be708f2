import os from 'node:os'
import path from 'node:path'

import {noColorForLibraries} from '@apkg/command-kit/no-color'

/**
 * Sets `HOME` and `SHELL` if they are missing. oclif and the libraries below it ask the system for them while they load,
 * and Node throws if the process runs under a uid without an account, as in many containers. A relative `HOME` is replaced too,
 * because plugins would be loaded from the current directory.
 *
 * A uid without an account gets the root directory as its home, as in Docker, and not the directory for temporary files:
 * other users could leave files there.
 */
export function completeEnvironment(env: NodeJS.ProcessEnv): void {
  // On Windows, every user has a profile directory.
  if (process.platform === 'win32') return
  const {HOME = '', SHELL} = env
  if (path.isAbsolute(HOME) && SHELL !== undefined) return
  const account = accountOf()
  if (!path.isAbsolute(HOME)) env['HOME'] = account?.homedir || path.sep
  if (account === undefined) env['SHELL'] ??= '/bin/sh'
}

/**
 * Turns off colors of libraries unless both outputs are terminals. Some write colors to a pipe if `COLORTERM` or `CI` is
 * set.
 */
export function turnOffColors(env: NodeJS.ProcessEnv, areTerminals: boolean): void {
  if (!areTerminals && env['FORCE_COLOR'] === undefined && !env['NO_COLOR']) env['NO_COLOR'] = noColorForLibraries
}

function accountOf(): os.UserInfo<string> | undefined {
  try {
    return os.userInfo()
  } catch {
    return undefined
  }
}
