import {spawn} from 'node:child_process'

/**
 * Continues a lookup in a background process. The next Tab finds its values in the cache.
 *
 * @param program absolute path of apkg's main file.
 * @param words the words after `apkg`.
 */
export function lookUpLater(program: string, words: readonly string[], cwd: string): void {
  const child = spawn(process.execPath, [program, 'complete', '--later', '--', ...words], {
    cwd,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  })
  // If the process can't be started, the next Tab tries again.
  child.on('error', () => undefined)
  child.unref()
}
