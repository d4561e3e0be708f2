import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync} from 'node:fs'
import {join, resolve, sep} from 'node:path'

/** The root of the repository. */
export const root = resolve(import.meta.dirname, '..')

/** Every file below a folder, as sorted paths from it with forward slashes; none where there is no such folder. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join('/'))
    .sort()
}

/** Compiles what has changed in every package; what the compiler says goes to stderr. Ends the program where it fails. */
export function build() {
  const {status} = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) fail('The build failed.')
}

/**
 * Ends the program where a package's `dist` holds modules that no source explains: the compiler leaves them behind when
 * a source is moved or removed, and oclif takes each of them for a command.
 */
export function refuseLeftovers(folder) {
  const sources = new Set(filesBelow(join(root, folder, 'src')))
  const left = filesBelow(join(root, folder, 'dist')).filter(
    (path) => path.endsWith('.js') && !sources.has(path.replace(/\.js$/, '.ts')),
  )
  if (left.length === 0) return
  fail(`${join(folder, 'dist')} is stale: no source for ${left.join(', ')}. Remove that folder and build again.`)
}

/** Says why and ends the program. */
export function fail(message) {
  console.error(message)
  process.exit(1)
}
