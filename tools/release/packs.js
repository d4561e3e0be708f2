import {fail} from '../workspace.js'

/** The files that contain several modules, and the entry points that need them. A module goes into the first that fits. */
const packs = {
  // Everything that `--version` needs.
  'dist/start.js': ['release:start'],
  // Everything else that other starts need.
  'dist/chunks/every-start.js': ['dist/entry/run-oclif.js', 'release:plugins', 'release:hooks', 'platform-only:wsl-utils'],
}

/** Imported by these entry points but rarely used, so it stays in a separate file. */
const rarelyUsed = /^node_modules\/semver\//

/**
 * Merges the modules that every start loads into two files. esbuild writes a file for each set of entry points that share
 * code, so a start would read a dozen files, and one more for each module that two commands share.
 *
 * @param files the text of each file by its path in the stage; modified
 * @param outputs the entry point, the inputs and the imports of each output of esbuild, by the same paths
 * @returns the pack that contains a module, by module; both are paths in `dist`
 */
export function pack(files, outputs) {
  const packOf = {}
  const entries = new Map([...outputs].map(([path, {entryPoint}]) => [entryPoint, path]))
  const isRarelyUsed = (path) => outputs.get(path).inputs.some((input) => rarelyUsed.test(input))
  for (const [name, entryPoints] of Object.entries(packs)) {
    const missing = entryPoints.filter((entry) => !entries.has(entry))
    if (missing.length > 0) fail(`The release build lacks the entry point ${missing.join(', ')}.`)
    const paths = needed(entryPoints.map((entry) => entries.get(entry)), outputs)
    const merged = [...paths].filter((path) => !isRarelyUsed(path) && packOf[below(path)] === undefined)
    const modules = merged.map((path) => `${JSON.stringify(below(path))}: ${files.get(path).trim()}`)
    for (const path of merged) {
      packOf[below(path)] = below(name)
      files.delete(path)
    }
    files.set(name, `({${modules.join(',\n')}})\n`)
  }
  if (![...outputs.keys()].some(isRarelyUsed)) fail(`The release no longer contains ${rarelyUsed.source}.`)
  return packOf
}

const below = (path) => path.slice('dist/'.length)

/** Returns the outputs and everything that they import statically. */
function needed(paths, outputs, found = new Set()) {
  for (const path of paths) {
    if (found.has(path)) continue
    found.add(path)
    const imports = outputs.get(path).imports.filter(({kind}) => kind === 'import-statement')
    needed(imports.map((each) => each.path), outputs, found)
  }
  return found
}
