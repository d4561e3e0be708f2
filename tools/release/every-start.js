import {fail} from '../workspace.js'

/** The file, below the stage. */
const pack = 'dist/chunks/every-start.js'

/** The entry points that every start reaches, except `--version`, which needs only `dist/start.js`. */
const reached = ['dist/entry/run-command.js', 'release:plugins', 'release:hooks']

/** Imported by those entry points but seldom used, so it stays in a file of its own. */
const seldomUsed = /^node_modules\/semver\//

/**
 * Merges the chunks that every start loads into one file. esbuild writes a chunk for each set of entry points that share
 * code, so a start would read a dozen files, and one more for each module that two commands share.
 *
 * @param files the text of each file by its path below the stage; changed in place.
 * @param outputs the entry point, the inputs and the imports of each of esbuild's outputs, by the same paths.
 * @returns the paths of the modules in the file, below `dist`.
 */
export function packEveryStart(files, outputs) {
  const entries = new Map([...outputs].map(([path, {entryPoint}]) => [entryPoint, path]))
  const missing = ['release:start', ...reached].filter((entry) => !entries.has(entry))
  if (missing.length > 0) fail(`The release build has no entry point ${missing.join(', ')}.`)
  const before = needed([entries.get('release:start')], outputs)
  const all = needed(reached.map((entry) => entries.get(entry)), outputs)
  const isSeldomUsed = (path) => outputs.get(path).inputs.some((input) => seldomUsed.test(input))
  if (![...all].some(isSeldomUsed)) fail(`No start imports ${seldomUsed.source} any more.`)
  const packed = [...all].filter((path) => !before.has(path) && !isSeldomUsed(path)).sort()
  const names = packed.map((path) => path.slice('dist/'.length))
  const modules = packed.map((path, index) => `${JSON.stringify(names[index])}: ${files.get(path).trim()}`)
  for (const path of packed) files.delete(path)
  files.set(pack, `({${modules.join(',\n')}})\n`)
  return names
}

/** The outputs and everything that they import statically. */
function needed(paths, outputs, found = new Set()) {
  for (const path of paths) {
    if (found.has(path)) continue
    found.add(path)
    const imports = outputs.get(path).imports.filter(({kind}) => kind === 'import-statement')
    needed(imports.map((each) => each.path), outputs, found)
  }
  return found
}
