// Preloaded into an apkg process. On exit, writes which files and built-in modules it loaded to the file REPORT_LOADED.
'use strict'

const fs = require('node:fs')
const {builtinModules} = require('node:module')

const before = new Set(process.moduleLoadList)
const files = new Set()
const {readFileSync} = fs
fs.readFileSync = (file, ...rest) => {
  files.add(String(file))
  return readFileSync(file, ...rest)
}

process.on('exit', () => {
  const builtins = builtinModules.filter((name) => {
    const entry = `NativeModule ${name}`
    return !before.has(entry) && process.moduleLoadList.includes(entry)
  })
  fs.writeFileSync(process.env.REPORT_LOADED, JSON.stringify({files: [...files], builtins: builtins.sort()}))
})
