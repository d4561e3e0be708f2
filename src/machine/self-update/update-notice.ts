import {spawn} from 'node:child_process'
import path from 'node:path'

import compare from 'semver/functions/compare.js'

import {withoutSecrets} from '../../files/secret-variables.js'
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
  /** The folder that apkg is installed in. */
  root: string
  env: NodeJS.ProcessEnv
  home: string
  now: Date
}

const day = 86_400_000

/**
 * What is to be said of a newer apkg, at most once a day, by what an earlier look has found. Where the last look was a day
 * ago, a process of its own looks again for the next time: nothing here waits for the network.
 *
 * @throws {ApkgError} as `rememberRelease` does: what cannot be remembered would be asked and said each time.
 */
export async function updateNotice({
  installed,
  root,
  env,
  home,
  now,
}: NoticeOptions): Promise<UpdateNotice | undefined> {
  const place = {env, home}
  const {latest, askedAt, shownAt} = await knownRelease(place)
  const time = now.getTime()
  if (time - askedAt >= day) {
    await rememberRelease(place, {askedAt: time})
    lookInBackground(root, env)
  }
  if (latest === null || compare(latest, installed) <= 0 || time - shownAt < day) return undefined
  await rememberRelease(place, {shownAt: time})
  return {installed, latest, command: updateCommand(root)}
}

/** `check-update` remembers what it finds. It outlives this process, on which nobody need wait for it. */
function lookInBackground(root: string, env: NodeJS.ProcessEnv): void {
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
