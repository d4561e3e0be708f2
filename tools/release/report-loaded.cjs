// Preloaded into an apkg process. On exit, writes what it loaded to the file REPORT_LOADED: files, built-in modules, modules
// that weren't found, and regular expressions with Unicode properties, which take milliseconds to compile.
'use strict'

const fs = require('node:fs')
const Module = require('node:module')

const before = new Set(process.moduleLoadList)
const files = new Set()
const missing = new Set()
const slowPatterns = new Set()

const {readFileSync} = fs
fs.readFileSync = (file, ...rest) => {
  files.add(String(file))
  return readFileSync(file, ...rest)
}

const {_resolveFilename: resolveFilename} = Module
Module._resolveFilename = (id, ...rest) => {
  try {
    return resolveFilename(id, ...rest)
  } catch (error) {
    missing.add(id)
    throw error
  }
}

globalThis.RegExp = new Proxy(RegExp, {
  construct(target, [pattern, ...rest], proxy) {
    const source = pattern instanceof target ? pattern.source : String(pattern)
    if (source.includes('\\p{')) slowPatterns.add(source)
    return Reflect.construct(target, [pattern, ...rest], proxy)
  },
})

process.on('exit', () => {
  const builtins = Module.builtinModules.filter((name) => {
    const entry = `NativeModule ${name}`
    return !before.has(entry) && process.moduleLoadList.includes(entry)
  })
  const report = {files: [...files], builtins: builtins.sort(), missing: [...missing], slowPatterns: [...slowPatterns]}
  fs.writeFileSync(process.env.REPORT_LOADED, JSON.stringify(report))
})
