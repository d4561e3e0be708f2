import {spawn} from 'node:child_process'
import path from 'node:path'

import compare from 'semver/functions/compare.js'

import {withoutSecrets} from '@apkg/command-kit/secret-variables'
import {knownRelease, rememberRelease} from './known-release.js'
import {updateCommand} from './update-command.js'

/** A newer apkg, and the command that installs it. */
export interface UpdateNotice {
  installed: string
  latest: string
  command: string
}

export interface NoticeOptions {
  installed: string
  /** The installation directory. */
  root: string
  env: NodeJS.ProcessEnv
  home: string
  now: Date
}

const day = 86_400_000

/**
 * Returns a notice about a newer apkg, at most once a day, from the cached result. If that is older than a day, a
 * background process checks again. Nothing here waits for the network.
 *
 * @returns undefined if there is nothing to show.
 * @throws {ApkgError} the errors of `rememberRelease`. Without them, every command would check and show the notice.
 */
export async function updateNotice({
  installed,
  root,
  env,
  home,
  now,
}: NoticeOptions): Promise<UpdateNotice | undefined> {
  const place = {env, home}
  const {latest, askedAt, shownAt} = knownRelease(place)
  const time = now.getTime()
  if (time - askedAt >= day) {
    await rememberRelease(place, {askedAt: time})
    checkInBackground(root, env)
  }
  if (latest === null || compare(latest, installed) <= 0 || time - shownAt < day) return undefined
  await rememberRelease(place, {shownAt: time})
  return {installed, latest, command: updateCommand(root)}
}

/** Starts a detached `check-update`, which caches its result. */
function checkInBackground(root: string, env: NodeJS.ProcessEnv): void {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), 'check-update', '--json'], {
    cwd: root,
    env: {...withoutSecrets(env), APKG_NO_UPDATE_NOTIFIER: '1'},
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  })
  child.on('error', () => undefined)
  child.unref()
}
