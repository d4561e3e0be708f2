import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync} from 'node:fs'
import {join, resolve, sep} from 'node:path'

/** The root of the repository. */
export const root = resolve(import.meta.dirname, '..')

/** Lists the files in a directory as sorted relative paths with forward slashes. Empty if the directory doesn't exist. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join('/'))
    .sort()
}

/** Compiles the changes in every package. Exits if that fails. */
export function build() {
  const {status} = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) fail('The build failed.')
}

/**
 * Exits if the `dist` of a package contains modules without a source. The compiler leaves them behind when a source is
 * moved or removed, and oclif would load them as commands.
 */
export function assertNoLeftovers(folder) {
  const sources = new Set(filesBelow(join(root, folder, 'src')))
  const leftovers = filesBelow(join(root, folder, 'dist')).filter(
    (path) => path.endsWith('.js') && !['.ts', '.tsx'].some((end) => sources.has(path.replace(/\.js$/, end))),
  )
  if (leftovers.length === 0) return
  fail(`${join(folder, 'dist')} is stale: no source for ${leftovers.join(', ')}. Delete the directory and build again.`)
}

/** Prints a message and exits with 1. */
export function fail(message) {
  console.error(message)
  process.exit(1)
}
