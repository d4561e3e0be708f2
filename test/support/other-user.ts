import {spawn, spawnSync} from 'node:child_process'
import {chown, lstat, readdir} from 'node:fs/promises'
import path from 'node:path'

import {outcomeOf, program, type Outcome} from './machine.js'
import {inRepository} from './repository.js'

/** A user ID without an account, as `docker run --user` and OpenShift assign them. */
export const otherUser = 54321

const asOther = {uid: otherUser, gid: otherUser}

/** Tests that start processes as another user need root, and a command that this user can read. */
export const onlyRoot = {skip: whyNotAsOther()}

/** Tests that mount file systems also need the right to do so, which root lacks in many containers. */
export const onlyWithMounts = {
  skip:
    onlyRoot.skip || (spawnSync('unshare', ['--mount', 'true']).status !== 0 && 'file systems cannot be mounted here'),
}

function whyNotAsOther(): string | false {
  if (process.getuid?.() !== 0) return 'only root can start processes as another user'
  const needed = [process.execPath, program.at(-1) ?? '', inRepository('bin/run.js')]
  const hidden = needed.find((file) => spawnSync('test', ['-r', file], {...asOther, cwd: '/'}).status !== 0)
  return hidden !== undefined && `another user cannot read ${hidden}`
}

/** Gives a directory and everything in it to `otherUser`. */
export async function giveAway(folder: string): Promise<void> {
  await chown(folder, otherUser, otherUser)
  for (const entry of await readdir(folder, {recursive: true})) {
    const file = path.join(folder, entry)
    if (!(await lstat(file)).isSymbolicLink()) await chown(file, otherUser, otherUser)
  }
}

/** Runs a command as `otherUser`, with nothing in the environment but `PATH` and what is given. */
export async function runAsOther(
  [program, ...args]: readonly [string, ...string[]],
  {env, cwd, input = ''}: {env: NodeJS.ProcessEnv; cwd: string; input?: string},
): Promise<Outcome> {
  const {PATH} = process.env
  const child = spawn(program, args, {env: {PATH, ...env}, cwd, ...asOther})
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return outcomeOf(child)
}

/**
 * Runs a line of shell as `otherUser` in a directory, in which `apkg_packages` is a separate file system. It exists only
 * for the shell and the processes that it starts.
 */
export async function runOnMount(script: string, {env, cwd}: {env: NodeJS.ProcessEnv; cwd: string}): Promise<Outcome> {
  const mount = `mount -t tmpfs -o mode=0755,uid=${otherUser},gid=${otherUser} tmpfs apkg_packages`
  const become = `setpriv --reuid=${otherUser} --regid=${otherUser} --clear-groups`
  const {PATH} = process.env
  const child = spawn('unshare', ['--mount', 'bash', '-c', `${mount} && exec ${become} bash -c "$0"`, script], {
    env: {PATH, ...env},
    cwd,
  })
  child.stdin.end()
  return outcomeOf(child)
}
