/**
 * Bundles the CLI for a release. The modules that every start loads are combined into a few files; the others go into
 * separate files. See docs/adr/0013-release-built-for-start-up.md.
 */
import {createHash} from 'node:crypto'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join, relative, resolve} from 'node:path'

import {build, transform} from 'esbuild'

import {fail, root} from '../workspace.js'
import {compiledChecks} from './compiled-checks.js'
import {entries} from './entries.js'
import {gotOverHttp} from './got-over-http.js'
import {lazyListFormat} from './lazy-list-format.js'
import {lazyOclif, requireLazily} from './lazy-requires.js'
import {platformOnly} from './platform-only.js'
import {separatePackages} from './separate-packages.js'
import {pack} from './packs.js'
import {plainWasm} from './plain-wasm.js'
import {thirdPartyLicenses} from './third-party-licenses.js'
import {withoutUnused} from './unused-by-got.js'

/** Keeps names and short lines, so that stack traces stay readable. */
const shrunk = {target: 'node20', minifyWhitespace: true, minifySyntax: true, lineLimit: 160}

/**
 * Writes `bin/run.js`, `dist` and the licenses of the bundled packages to a stage.
 *
 * @param pjson the published package.json
 * @param core the package.json and the directory of each core plugin
 * @param hooks the file of each hook
 */
export async function bundle(stage, pjson, core, hooks) {
  const {help, facts, modules} = entries(pjson, core, hooks)
  const wasm = plainWasm()
  const packages = separatePackages()
  const options = {...shrunk, absWorkingDir: root, outdir: stage, bundle: true, platform: 'node', legalComments: 'none', metafile: true, write: false, logLevel: 'warning'}
  const {outputFiles, metafile} = await build({
    ...options,
    entryPoints: [
      {in: 'release:start', out: 'dist/start'},
      {in: 'release:hooks', out: 'dist/hooks'},
      {in: `${help}.js`, out: help},
    ],
    outbase: root,
    chunkNames: 'dist/chunks/[name]-[hash]',
    splitting: true,
    format: 'esm',
    // oclif imports these two to run a plugin from source, which a release never does.
    external: ['typescript', 'ts-node'],
    // Skips oclif's check, which would load semver. A release has an `engines` field.
    define: {'process.env.OCLIF_DISABLE_ENGINE_WARNING': '"1"'},
    plugins: [modules, compiledChecks(), withoutUnused(), gotOverHttp(), lazyListFormat(), lazyOclif(), platformOnly(), packages.plugin, wasm.plugin],
  })
  const effects = Object.entries(metafile.outputs).filter(([, {entryPoint, exports}]) => !entryPoint && exports.length === 0)
  if (effects.length > 0) fail(`${effects.map(([path]) => path).join(', ')} would never run: it exports nothing.`)
  const files = new Map()
  for (const {path, text} of outputFiles) files.set(relative(stage, path), await script(text))
  const packOf = pack(files, outputsBelow(stage, metafile))
  const apart = await build({...options, entryPoints: packages.entryPoints(), format: 'cjs'})
  for (const {path, text} of apart.outputFiles) files.set(relative(stage, path), wrapped(text))
  files.set('dist/facts.json', facts)
  files.set('dist/zstd.wasm', wasm.bytes())
  const entry = readFileSync(join(import.meta.dirname, 'run.cjs'), 'utf8')
  const filled = entry.replace('BUILD', digest(files)).replace('PACKS', JSON.stringify(packOf))
  // Node compiles this file at each start, comments included.
  files.set('bin/run.js', (await transform(filled, shrunk)).code)
  files.set('THIRD_PARTY_LICENSES.txt', thirdPartyLicenses({...metafile.inputs, ...apart.metafile.inputs}))
  for (const [path, content] of files) {
    mkdirSync(dirname(join(stage, path)), {recursive: true})
    writeFileSync(join(stage, path), content, {mode: path.startsWith('bin/') ? 0o755 : 0o644})
  }
}

/** Returns what esbuild reports about its outputs, by their paths in the stage. */
function outputsBelow(stage, {outputs}) {
  const below = (path) => relative(stage, resolve(root, path))
  const described = Object.entries(outputs).map(([path, {entryPoint, inputs, imports}]) => {
    const internal = imports.filter(({external}) => !external).map(({kind, path: to}) => ({kind, path: below(to)}))
    return [below(path), {entryPoint, inputs: Object.keys(inputs), imports: internal}]
  })
  return new Map(described)
}

/** An import of a chunk that isn't used. esbuild adds these to run chunks in the order of their sources. */
const forOrder = /^var import_chunk_\w+ = require\("[^"]+"\);$/gm

/** esbuild copies the getters of all exports to another object, to mark that as an ES module. Marking the original is enough. */
const copyingExports = '__copyProps(__defProp({}, "__esModule", { value: true }), mod)'
const markingExports = '__defProp(mod, "__esModule", { value: true })'

/**
 * Turns a module into a function that `bin/run.js` calls. esbuild can only split ES modules, V8 can only cache scripts,
 * and `import()` fails in a cached script, so it is passed in.
 */
async function script(text) {
  const commonJs = await transform(text.replaceAll(/(?<![\w$.])import\((?!\))/g, 'importModule('), {
    target: shrunk.target,
    format: 'cjs',
    platform: 'node',
  })
  const lazy = requireLazily(commonJs.code).replaceAll(forOrder, '').replace(copyingExports, markingExports)
  const {code} = await transform(lazy, shrunk)
  return wrapped(code)
}

/** `bin/run.js` reads one byte per character, but esbuild keeps non-ASCII characters in regular expressions. */
function wrapped(code) {
  const ascii = code.replaceAll(/[^\x00-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `(function (exports, require, module, __filename, __dirname, importModule) {${ascii}})\n`
}

function digest(files) {
  const hash = createHash('sha256')
  for (const [path, content] of files) hash.update(`${path}\n`).update(content)
  return hash.digest('hex').slice(0, 16)
}
