import {readFileSync} from 'node:fs'
import {join} from 'node:path'

import {fail, root} from '../workspace.js'

/**
 * Where a release begins: `src/main.ts` with what oclif would read of our plugins at each start, and the hooks and the
 * help, which oclif loads by their paths.
 *
 * @returns those paths, what `dist/facts.json` shall hold (V8 parses it faster than it takes it from a cache), and
 *   an esbuild plugin that knows `release:start`.
 */
export function entries(pjson, core) {
  const own = factsOf(pjson, root)
  const commandFile = (id) => `./dist/commands/${id.replaceAll(':', '/')}.js`
  const loaders = Object.keys(own.commands).map((id) => `${json(id)}: () => import(${json(commandFile(id))})`)
  const sources = {
    start: `
      import {main} from './dist/main.js'
      const pjson = ${json(pjson)}
      const ownPlugins = async (folder) => {
        const {releasePlugins} = await import('./dist/release.js')
        const {release} = await import('release:facts')
        return releasePlugins(folder, release)
      }
      export const start = (root) => main(root, {pjson, ownPlugins})`,
    facts: `
      import {readFileSync} from 'node:fs'
      const facts = JSON.parse(readFileSync(__dirname + '/../facts.json', 'utf8'))
      export const release = {...facts, load: {${loaders.join(', ')}}}`,
  }
  return {
    facts: json({own, core: core.map((plugin) => factsOf(plugin.pjson, plugin.folder))}),
    byPath: [...Object.values(own.hooks).flatMap((hooks) => hooks.map(({target}) => target)), pjson.oclif.helpClass].map(
      (target) => target.replace(/^\.\/(.*)\.js$/, '$1'),
    ),
    modules: {
      name: 'release',
      setup({onResolve, onLoad}) {
        onResolve({filter: /^release:/}, ({path}) => ({path: path.slice('release:'.length), namespace: 'release'}))
        onLoad({filter: /.*/, namespace: 'release'}, ({path}) => ({contents: sources[path], resolveDir: root}))
      },
    },
  }
}

/** What oclif would read of a plugin; see `src/release.ts`. */
function factsOf(pjson, folder) {
  if (folder !== root && pjson.exports !== './lib/index.js')
    fail(`The main module of ${pjson.name} is not \`lib/index.js\`, by which src/release.ts finds its folder.`)
  const {commands} = JSON.parse(readFileSync(join(folder, 'oclif.manifest.json'), 'utf8'))
  const hooks = Object.entries(pjson.oclif.hooks ?? {}).map(([event, targets]) => [
    event,
    [targets].flat().map((target) => ({target, identifier: 'default'})),
  ])
  const {name, version, type, bugs, dependencies, engines, oclif} = pjson
  return {
    pjson: {name, version, type, bugs, dependencies, engines, oclif},
    hooks: Object.fromEntries(hooks),
    commands: Object.fromEntries(Object.entries(commands).sort(([a], [b]) => a.localeCompare(b))),
  }
}

/** JSON as JavaScript. */
const json = (value) => JSON.stringify(value)
