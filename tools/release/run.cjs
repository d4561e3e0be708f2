#!/usr/bin/env node
// The entry of a release. Runs its modules from V8's compiled code, kept in the user's cache directory.
'use strict'

const {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} = require('node:fs')
const {homedir} = require('node:os')
const path = require('node:path')
const {pathToFileURL} = require('node:url')
const {Script} = require('node:vm')

/** Identifies the build, since V8 only compares the length of a script. Filled in by the release build. */
const build = 'BUILD'

/** Milliseconds to keep the unused cache of another release or another Node. */
const longestUnused = 30 * 24 * 60 * 60 * 1000

const root = path.dirname(__dirname) + path.sep
const dist = path.join(root, 'dist') + path.sep
const cache = cacheFolder()
const mayRead = isOwn(cache)

/** The modules that have run, by file. */
const modules = new Map()

/** The compiled scripts, by file. */
const scripts = new Map()

/** The pack that holds a module, for those in one: files that hold several. See `packs.js`; the release build fills it in. */
const packOf = JSON.parse('PACKS')

/** The packs that were read: the function that wraps each module, by the module's name. */
const packs = new Map()

function compile(file) {
  const script = new Script(readFileSync(file, 'latin1'), {filename: file, cachedData: compiled(file)})
  scripts.set(file, script)
  return script.runInThisContext()
}

/** The function that wraps a module. */
function functionOf(file) {
  const name = file.slice(dist.length).replaceAll(path.sep, '/')
  const pack = packOf[name]
  if (pack === undefined) return compile(file)
  if (!packs.has(pack)) packs.set(pack, compile(path.join(dist, pack)))
  return packs.get(pack)[name]
}

/** Runs a module of the release once, and returns its exports. */
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

/** A fast `path.join` for the two forms that the release build writes. Each start resolves dozens. */
function placeOf(id, folder) {
  if (id.startsWith('./')) return folder + path.sep + id.slice(2).replaceAll('/', path.sep)
  if (id.startsWith('../')) return placeOf(`./${id.slice(3)}`, path.dirname(folder))
  return id
}

/** `import()` for a module of the release. Other modules, such as a plugin's, are left to Node. */
function importer(required) {
  return async (id) => {
    if (id.startsWith('node:')) return Object.create(require(id), {default: {value: require(id)}})
    if (!id.startsWith('.')) return import(id)
    const module = required(id)
    // The module was CommonJS before it was bundled: its fields are exports too.
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
    // The user has no home directory, as in many containers.
    return undefined
  }
}

/** Whether no other user can put code into the folder. */
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
 * Saves what V8 has compiled so far, including functions that it compiled on their first call. A command that runs for
 * the first time has a module that is not cached yet, and so also updates the modules that it shares with others.
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
    // The next start compiles them again.
  }
}

function forgetOthers() {
  const folder = path.dirname(cache)
  for (const name of readdirSync(folder)) {
    const other = path.join(folder, name)
    if (Date.now() - statSync(other).mtimeMs > longestUnused) rmSync(other, {recursive: true, force: true})
  }
}

/** Another copy of oclif, such as that of `apkg help`, loads our help with Node's `require`, which cannot run this file. */
const help = path.join(dist, 'entry', 'help.js')
const helpModule = {id: help, filename: help, loaded: true, children: [], paths: []}
require.cache[help] = Object.defineProperty(helpModule, 'exports', {get: () => load(help)})

process.on('exit', keep)
void load(path.join(dist, 'start.js')).start(pathToFileURL(root))
