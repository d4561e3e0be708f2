import {spawn} from 'node:child_process'

/**
 * Goes on with a search in a process of its own, which nobody waits for: what it finds is there when Tab is pressed the
 * next time.
 *
 * @param program apkg's own file, absolute.
 * @param words what was typed behind `apkg`.
 */
export function handOn(program: string, words: readonly string[], cwd: string): void {
  const child = spawn(process.execPath, [program, 'complete', '--later', '--', ...words], {
    cwd,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  })
  // Where no process can be started, the next Tab tries again.
  child.on('error', () => undefined)
  child.unref()
}
