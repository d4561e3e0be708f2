#!/usr/bin/env node
// The entry of a release: runs its modules with what V8 made of them before, which lies in the user's own cache folder.
'use strict'

const {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} = require('node:fs')
const {homedir} = require('node:os')
const path = require('node:path')
const {pathToFileURL} = require('node:url')
const {Script} = require('node:vm')

/** Names what was built: V8 itself compares no more of a script than its length. The release build fills it in. */
const build = 'BUILD'

/** How long what another release or another Node left in the cache is kept, in milliseconds. */
const longestUnused = 30 * 24 * 60 * 60 * 1000

const root = path.dirname(__dirname) + path.sep
const dist = path.join(root, 'dist') + path.sep
const cache = cacheFolder()
const mayRead = isOwn(cache)

/** The modules that were run, by their files. */
const modules = new Map()

/** The compiled scripts, by file. */
const scripts = new Map()

/** The modules that are merged into one file, see `every-start.js`. The release build fills it in. */
const packed = new Set('PACKED'.split(' '))
const pack = path.join(dist, 'chunks', 'every-start.js')

/** The functions of the merged modules; undefined until one is needed. */
let functions

function compile(file) {
  const script = new Script(readFileSync(file, 'latin1'), {filename: file, cachedData: compiled(file)})
  scripts.set(file, script)
  return script.runInThisContext()
}

/** The function that wraps a module. */
function functionOf(file) {
  const name = file.slice(dist.length).replaceAll(path.sep, '/')
  if (!packed.has(name)) return compile(file)
  functions ??= compile(pack)
  return functions[name]
}

/** Runs a module of the release, once. */
function load(file) {
  const present = modules.get(file)
  if (present) return present.exports
  const module = {exports: {}, filename: file}
  modules.set(file, module)
  const folder = path.dirname(file)
  const required = Object.assign((id) => {
    const place = placeOf(id, folder)
    return place.startsWith(dist) ? load(place) : require(place)
  }, require)
  functionOf(file)(module.exports, required, module, file, folder, importer(required))
  return module.exports
}

/** What `path.join` would say of the two forms that the release build writes: each start asks for dozens. */
function placeOf(id, folder) {
  if (id.startsWith('./')) return folder + path.sep + id.slice(2).replaceAll('/', path.sep)
  if (id.startsWith('../')) return placeOf(`./${id.slice(3)}`, path.dirname(folder))
  return id
}

/** What `import()` does in a module of the release; only another's, a plugin's for one, is left to Node. */
function importer(required) {
  return async (id) => {
    if (id.startsWith('node:')) return Object.create(require(id), {default: {value: require(id)}})
    if (!id.startsWith('.')) return import(id)
    const module = required(id)
    // What was CommonJS before it was bundled: its fields are exports too.
    return Object.keys(module).join() === 'default' ? Object.create(module.default, {default: {value: module.default}}) : module
  }
}

function cacheFolder() {
  const {NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME = '', LOCALAPPDATA = ''} = process.env
  if (NODE_DISABLE_COMPILE_CACHE) return undefined
  try {
    const system = {darwin: () => path.join(homedir(), 'Library/Caches'), win32: () => LOCALAPPDATA}
    const usual = system[process.platform] ?? (() => path.join(homedir(), '.cache'))
    const base = path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : usual()
    return path.join(base, 'apkg', 'compiled', `${process.version}-${process.arch}-${build}`)
  } catch {
    // A user without a home, as in many containers.
    return undefined
  }
}

/** Whether nobody else can put code into a folder that we would run. */
function isOwn(folder) {
  if (folder === undefined) return false
  try {
    const {uid, mode} = statSync(folder)
    return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o077) === 0)
  } catch {
    return false
  }
}

const nameOf = (file) => `${cache}${path.sep}${file.slice(dist.length).replaceAll(path.sep, '-')}.bin`

function compiled(file) {
  if (!mayRead) return undefined
  try {
    return readFileSync(nameOf(file))
  } catch {
    return undefined
  }
}

/**
 * Keeps what V8 has compiled by now, functions that it compiles on their first call among it. A command that is run for
 * the first time has a module of its own that was not kept, and so adds to the modules that others share with it.
 */
function keep() {
  if (!cache || [...scripts.values()].every(({cachedDataRejected}) => cachedDataRejected === false)) return
  try {
    if (mkdirSync(cache, {recursive: true, mode: 0o700})) forgetOthers()
    if (!isOwn(cache)) return
    for (const [file, script] of scripts) {
      const temporary = `${nameOf(file)}.${process.pid}`
      writeFileSync(temporary, script.createCachedData(), {mode: 0o600, flag: 'wx'})
      renameSync(temporary, nameOf(file))
    }
  } catch {
    // The next start compiles again.
  }
}

function forgetOthers() {
  const folder = path.dirname(cache)
  for (const name of readdirSync(folder)) {
    const other = path.join(folder, name)
    if (Date.now() - statSync(other).mtimeMs > longestUnused) rmSync(other, {recursive: true, force: true})
  }
}

/** Another copy of oclif, as that of `apkg help`, loads our help by Node's own `require`, which cannot run this file. */
const help = path.join(dist, 'entry', 'help.js')
const helpModule = {id: help, filename: help, loaded: true, children: [], paths: []}
require.cache[help] = Object.defineProperty(helpModule, 'exports', {get: () => load(help)})

process.on('exit', keep)
void load(path.join(dist, 'start.js')).start(pathToFileURL(root))
