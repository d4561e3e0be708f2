import {readFileSync} from 'node:fs'
import {join} from 'node:path'

import {fail, root} from '../workspace.js'

/**
 * Creates the entry points of a release: `src/entry/main.ts` with the facts that oclif would read from our plugins at each
 * start, and the hooks and the help, which oclif loads by path.
 *
 * @param hooks the file of each hook
 * @returns the path of the help, the content of `dist/facts.json` (V8 parses JSON faster than it reads a code cache), and
 *   an esbuild plugin that resolves `release:start` and `release:hooks`
 */
export function entries(pjson, core, hooks) {
  const own = factsOf(pjson, root)
  const commandFile = (id) => `./dist/commands/${id.replaceAll(':', '/')}.js`
  const loaders = Object.keys(own.commands).map((id) => `${json(id)}: () => import(${json(commandFile(id))})`)
  const sources = {
    start: `
      import {main} from './dist/entry/main.js'
      const pjson = ${json(pjson)}
      const ownPlugins = async (folder) => (await import('release:plugins')).ownPlugins(folder)
      export const start = (root) => main(root, {pjson, ownPlugins})`,
    plugins: `
      import {readFileSync} from 'node:fs'
      import {releasePlugins} from './dist/entry/release.js'
      const load = {${loaders.join(', ')}}
      export function ownPlugins(folder) {
        const facts = JSON.parse(readFileSync(__dirname + '/../facts.json', 'utf8'))
        return releasePlugins(folder, {...facts, load})
      }`,
    hooks: Object.entries(hooks).map(([event, [file]]) => `export {default as ${event}} from ${json(file)}`).join('\n'),
  }
  return {
    facts: json({own, core: core.map((plugin) => factsOf(plugin.pjson, plugin.folder))}),
    help: pjson.oclif.helpClass.replace(/^\.\/(.*)\.js$/, '$1'),
    modules: {
      name: 'release',
      setup({onResolve, onLoad}) {
        onResolve({filter: /^release:/}, ({path}) => ({path: path.slice('release:'.length), namespace: 'release'}))
        onLoad({filter: /.*/, namespace: 'release'}, ({path}) => ({contents: sources[path], resolveDir: root}))
      },
    },
  }
}

/** Returns `oclif.hooks` for package.json with all hooks in one file, because all but one run at each start. */
export function hooksInOneFile(hooks) {
  const several = Object.keys(hooks).filter((event) => hooks[event].length !== 1)
  if (several.length > 0) fail(`The release build supports only one hook per event: ${several.join(', ')}`)
  return Object.fromEntries(Object.keys(hooks).map((event) => [event, {target: './dist/hooks.js', identifier: event}]))
}

/** Returns the facts that oclif would read from a plugin. See `src/entry/release.ts`. */
function factsOf(pjson, folder) {
  if (folder !== root && pjson.exports !== './lib/index.js')
    fail(`The main module of ${pjson.name} is not \`lib/index.js\`, which src/entry/release.ts needs to find its directory.`)
  const {commands} = JSON.parse(readFileSync(join(folder, 'oclif.manifest.json'), 'utf8'))
  const hooks = Object.entries(pjson.oclif.hooks ?? {}).map(([event, targets]) => [
    event,
    [targets].flat().map((hook) => (typeof hook === 'string' ? {target: hook, identifier: 'default'} : hook)),
  ])
  const {name, version, type, bugs, dependencies, engines, oclif} = pjson
  return {
    pjson: {name, version, type, bugs, dependencies, engines, oclif},
    hooks: Object.fromEntries(hooks),
    commands: Object.fromEntries(Object.entries(commands).sort(([a], [b]) => a.localeCompare(b))),
  }
}

/** Returns a JSON value as JavaScript source. */
const json = (value) => JSON.stringify(value)
