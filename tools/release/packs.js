import {fail} from '../workspace.js'

/** The files that hold several modules, below the stage, and the entry points that each serves, the earlier pack first. */
const packs = {
  // All that `--version` needs.
  'dist/start.js': ['release:start'],
  // What every other start needs too.
  'dist/chunks/every-start.js': ['dist/entry/run-oclif.js', 'release:plugins', 'release:hooks'],
}

/** Imported by those entry points but seldom used, so it stays in a file of its own. */
const seldomUsed = /^node_modules\/semver\//

/**
 * Merges the modules that every start loads into two files. esbuild writes a file for each set of entry points that share
 * code, so a start would read a dozen files, and one more for each module that two commands share.
 *
 * @param files the text of each file by its path below the stage; changed in place.
 * @param outputs the entry point, the inputs and the imports of each of esbuild's outputs, by the same paths.
 * @returns the pack of each module that is in one. All paths are below `dist`.
 */
export function pack(files, outputs) {
  const packOf = {}
  const entries = new Map([...outputs].map(([path, {entryPoint}]) => [entryPoint, path]))
  const isSeldomUsed = (path) => outputs.get(path).inputs.some((input) => seldomUsed.test(input))
  for (const [name, served] of Object.entries(packs)) {
    const missing = served.filter((entry) => !entries.has(entry))
    if (missing.length > 0) fail(`The release build has no entry point ${missing.join(', ')}.`)
    const paths = needed(served.map((entry) => entries.get(entry)), outputs)
    const merged = [...paths].filter((path) => !isSeldomUsed(path) && packOf[below(path)] === undefined)
    const modules = merged.map((path) => `${JSON.stringify(below(path))}: ${files.get(path).trim()}`)
    for (const path of merged) {
      packOf[below(path)] = below(name)
      files.delete(path)
    }
    files.set(name, `({${modules.join(',\n')}})\n`)
  }
  if (![...outputs.keys()].some(isSeldomUsed)) fail(`The release no longer has ${seldomUsed.source}.`)
  return packOf
}

const below = (path) => path.slice('dist/'.length)

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
