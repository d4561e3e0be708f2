#!/usr/bin/env node
// The entry point of a release. It runs the modules from V8's code cache, in the user's cache directory.
'use strict'

const {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} = require('node:fs')
const {homedir} = require('node:os')
const path = require('node:path')
const {pathToFileURL} = require('node:url')
const {Script} = require('node:vm')

/** Identifies the build, because V8 compares only the length of a script. Filled in by the release build. */
const build = 'BUILD'

/** Milliseconds to keep the unused cache of another release or another version of Node. */
const maxCacheAge = 30 * 24 * 60 * 60 * 1000

const root = path.dirname(__dirname) + path.sep
const dist = path.join(root, 'dist') + path.sep
const cache = cacheFolder()

/** The user that owns what belongs to users outside of a container, such as its root. */
const overflowUser = 65_534

/** The links that are followed in a path, as on Linux. */
const maxLinks = 40

/** The directories of the cache, outermost first. Their parent can be one that anyone can write to, such as `/tmp`. */
const folders = cache === undefined ? [] : [path.dirname(path.dirname(cache)), path.dirname(cache), cache]
const statuses = folders.map(statusOf)

/** Whether others can put another directory in place of one of them, even one that the user made for something else. */
const isExposed = cache !== undefined && !(statuses.every(isFixed) && isClosedPath(path.dirname(folders[0])))

/** The key that authenticates an exposed cache. */
const key = isExposed ? sealKey() : undefined

const isTrusted = folders.length > 0 && (!isExposed || key !== undefined) && statuses.every(isOwnFolder)

/** The modules that have run, by file. */
const modules = new Map()

/** The compiled scripts, by file. */
const scripts = new Map()

/** The pack (a file with several modules) that contains a module, by module. See `packs.js`. Filled in by the release build. */
const packOf = JSON.parse('PACKS')

/** The packs that were loaded: the function that wraps each module, by module. */
const packs = new Map()

function compile(file) {
  const script = new Script(readFileSync(file, 'latin1'), {filename: file, cachedData: compiled(file)})
  scripts.set(file, script)
  return script.runInThisContext()
}

/** The path of a module in `dist`, as in `packOf`. */
function nameOfModule(file) {
  return file.startsWith(dist) ? file.slice(dist.length).replaceAll(path.sep, '/') : ''
}

/** Returns the function that wraps a module. */
function functionOf(file) {
  const name = nameOfModule(file)
  const pack = packOf[name]
  if (pack === undefined) return compile(file)
  if (!packs.has(pack)) packs.set(pack, compile(path.join(dist, pack)))
  return packs.get(pack)[name]
}

/** Runs a module of the release once, and returns its exports. */
function load(file) {
  const loaded = modules.get(file)
  if (loaded) return loaded.exports
  const module = {exports: {}, filename: file}
  modules.set(file, module)
  const folder = path.dirname(file)
  const requireModule = Object.assign((id) => {
    const target = resolve(id, folder)
    return target.startsWith(dist) ? load(target) : require(target)
  }, require, {resolve: resolveFile})
  functionOf(file)(module.exports, requireModule, module, file, folder, importer(requireModule))
  return module.exports
}

/** A fast `path.join` for the two kinds of specifiers that the release build writes. Each start resolves dozens. */
function resolve(id, folder) {
  if (id.startsWith('./')) return folder + path.sep + id.slice(2).replaceAll('/', path.sep)
  if (id.startsWith('../')) return resolve(`./${id.slice(3)}`, path.dirname(folder))
  return id
}

/** Finds a file for oclif, which looks for hooks by their path. A module in a pack has no file that Node could find. */
function resolveFile(id, options) {
  return nameOfModule(id) in packOf ? id : require.resolve(id, options)
}

/** Returns the `import()` of a module. Node imports modules outside the release, such as those of plugins. */
function importer(requireModule) {
  return async (id) => {
    if (id.startsWith('node:')) return Object.create(require(id), {default: {value: require(id)}})
    if (!id.startsWith('.')) return import(id)
    const module = requireModule(id)
    // The module was CommonJS before it was bundled, so its fields are exports too.
    return Object.keys(module).join() === 'default' ? Object.create(module.default, {default: {value: module.default}}) : module
  }
}

function cacheFolder() {
  const {NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME = '', LOCALAPPDATA = ''} = process.env
  if (NODE_DISABLE_COMPILE_CACHE) return undefined
  try {
    const system = {darwin: () => path.join(homedir(), 'Library/Caches'), win32: () => LOCALAPPDATA}
    const fallback = system[process.platform] ?? (() => path.join(homedir(), '.cache'))
    const base = path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : fallback()
    // A relative HOME would be a directory of the project.
    if (!path.isAbsolute(base)) return undefined
    return path.join(base, 'apkg', 'compiled', `${process.version}-${process.arch}-${build}`)
  } catch {
    // Without a home directory, as in many containers.
    return undefined
  }
}

/** Whether the current user owns a file or directory. Code from the cache is executed. */
function isOwn({uid}) {
  return process.geteuid === undefined || uid === process.geteuid()
}

function isClosed({mode}) {
  return process.geteuid === undefined || (mode & 0o022) === 0
}

/** Whether others can neither read nor write it. */
function isPrivate({mode}) {
  return process.geteuid === undefined || (mode & 0o077) === 0
}

/** Whether others can't replace what is in a directory. In a sticky one, they can replace only what is theirs. */
function isFixed(status) {
  return status === undefined || isClosed(status) || (status.mode & 0o1000) !== 0
}

function isOfSystem({uid}) {
  return uid === 0 || (uid === overflowUser && process.geteuid() !== 0)
}

/** Whether only the user and the system can replace any part of a path, as far as it exists, or of what its links name. */
function isClosedPath(file, links = 0) {
  if (process.geteuid === undefined) return true
  for (let end = 0; end !== -1; end = end === file.length ? -1 : endOfPart(file, end + 1)) {
    const part = file.slice(0, end) || '/'
    const status = statusOf(part)
    if (status === undefined) return true
    if (!isOwn(status) && !isOfSystem(status)) return false
    if (status.isSymbolicLink()) {
      const target = links < maxLinks ? targetOf(part) : undefined
      return target !== undefined && isClosedPath(path.join(target, file.slice(end)), links + 1)
    }
    if (!isFixed(status)) return false
  }
  return true
}

/** The absolute path that a link names; undefined if it goes back after going down, because that may be another link. */
function targetOf(link) {
  try {
    const target = readlinkSync(link)
    return /[^/.][^/]*\/+\.\.(?:\/|$)/.test(target) ? undefined : path.resolve(path.dirname(link), target)
  } catch {
    return undefined
  }
}

function endOfPart(file, start) {
  const end = file.indexOf('/', start)
  return end === -1 ? file.length : end
}

/** The status of a file, or of a link itself; undefined if there is none. */
function statusOf(file) {
  try {
    return lstatSync(file, {throwIfNoEntry: false})
  } catch {
    return undefined
  }
}

/** Whether it is a directory of the current user, and not a link to one. */
function isOwnFolder(status) {
  return status !== undefined && status.isDirectory() && isOwn(status)
}

const nameOf = (file) => `${file.slice(dist.length).replaceAll(path.sep, '-')}.bin`

/** The end of a cached file. It shows which script of which build it belongs to, wherever it was moved. */
const endOf = (file) => Buffer.from(`\n${path.basename(cache)}/${nameOf(file)}`)

/** Undefined if the user has none yet, or others may know or replace it. See `ledger-key.ts`. */
function sealKey() {
  try {
    const file = path.join(homedir(), '.apkg', 'ledger.key')
    const content = isClosedPath(file) ? readOwn(file) : undefined
    return content?.length === 32 ? content : undefined
  } catch {
    return undefined
  }
}

/** The authentication code of a compiled script in an exposed cache. */
function sealOf(content) {
  return require('node:crypto').createHmac('sha256', key).update('apkg compiled v1\n').update(content).digest()
}

/** A sealed file ends with its authentication code. */
function unsealed(content) {
  const length = Math.max(0, content.length - 32)
  const [text, code] = [content.subarray(0, length), content.subarray(length)]
  return sealOf(text).equals(code) ? text : Buffer.alloc(0)
}

function compiled(file) {
  if (!isTrusted) return undefined
  try {
    const found = readOwn(path.join(cache, nameOf(file)))
    const content = isExposed ? unsealed(found) : found
    const end = endOf(file)
    const length = content.length - end.length
    return length > 0 && content.subarray(length).equals(end) ? content.subarray(0, length) : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads a file that only the current user can read and have written, without following a link. The opened file is checked,
 * since another one can have the same path a moment later.
 */
function readOwn(file) {
  const {O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants
  const descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const status = fstatSync(descriptor)
    const isUsable = status.isFile() && status.nlink === 1 && isOwn(status) && isPrivate(status)
    const content = Buffer.allocUnsafeSlow(isUsable ? status.size : 0)
    let read = 0
    for (let more = -1; more !== 0 && read < content.length; read += more) {
      more = readSync(descriptor, content, read, content.length - read, null)
    }
    return content.subarray(0, read)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Saves what V8 has compiled so far, including functions that it compiled on their first call. A command that runs for
 * the first time has a module that isn't cached yet, so it also updates the modules that it shares with other commands.
 */
function saveCache() {
  if (!cache || (isExposed && !key)) return
  if ([...scripts.values()].every(({cachedDataRejected}) => cachedDataRejected === false)) return
  try {
    makeParents(folders[0])
    let isNew = false
    for (const folder of folders) {
      isNew = makeFolder(folder)
      if (!isOwnFolder(statusOf(folder))) return
    }
    for (const [file, script] of scripts) {
      const target = path.join(cache, nameOf(file))
      const temporary = `${target}.${process.pid}`
      const content = Buffer.concat([script.createCachedData(), endOf(file)])
      writeFileSync(temporary, isExposed ? Buffer.concat([content, sealOf(content)]) : content, {mode: 0o600, flag: 'wx'})
      renameSync(temporary, target)
    }
    if (isNew) removeOldCaches()
  } catch {
    // The next start compiles them again.
  }
}

/** Node's `recursive` option never returns for paths such as `/proc/x/y`, in which directories can't be created. */
function makeParents(folder) {
  const parent = path.dirname(folder)
  if (parent === folder || existsSync(parent)) return
  makeParents(parent)
  makeFolder(parent)
}

/** Returns whether it did not exist. */
function makeFolder(folder) {
  try {
    mkdirSync(folder, {mode: 0o700})
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** What `cacheFolder` names the cache of a build. */
const buildName = /^v\d+\.\d+\.\d+[\w.+-]*-[a-z\d_]+-[\da-f]+$/

/** Nothing is removed where others can put a link in place of a directory. Foreign files in a cache are kept. */
function removeOldCaches() {
  const folder = path.dirname(cache)
  if (isExposed || !folders.every((each) => isClosed(lstatSync(each)))) return
  for (const name of readdirSync(folder)) {
    const candidate = path.join(folder, name)
    const isCache = buildName.test(name) && isOwnFolder(statusOf(candidate)) && isClosed(lstatSync(candidate))
    if (isCache && Date.now() - lstatSync(candidate).mtimeMs > maxCacheAge) removeCache(candidate)
  }
}

function removeCache(folder) {
  try {
    for (const name of readdirSync(folder)) {
      if (/\.js\.bin(?:\.\d+)?$/.test(name)) unlinkSync(path.join(folder, name))
    }
    rmdirSync(folder)
  } catch {
    // It has other files, or another process removes it.
  }
}

/** Another copy of oclif, such as that of `apkg help`, loads this file with Node's `require`, which can't run it. */
const help = path.join(dist, 'entry', 'help.js')
const helpModule = {id: help, filename: help, loaded: true, children: [], paths: []}
require.cache[help] = Object.defineProperty(helpModule, 'exports', {get: () => load(help)})

process.on('exit', saveCache)
void load(path.join(dist, 'start.js')).start(pathToFileURL(root))
