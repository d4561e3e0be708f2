#!/usr/bin/env node
/**
 * Writes `oclif.manifest.json` of the command line, the registry plugin and the examples from their commands as they are
 * built; with `--check` it writes nothing and fails where a committed one differs. oclif believes a manifest, so a stale
 * one hides commands.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

import {Plugin, settings} from '@oclif/core'

import {build, fail, refuseLeftovers, root} from './workspace.js'

const packages = ['', 'packages/plugin-registry', 'examples/plugin-completion-bundles']

/** What of a command's class goes into the manifest: what oclif reads there, and what our hooks read. */
const fields = new Set([
  ...['aliases', 'args', 'deprecateAliases', 'deprecationOptions', 'description', 'enableJsonFlag', 'examples'],
  ...['flags', 'hasDynamicHelp', 'hidden', 'hiddenAliases', 'id', 'isESM', 'pluginAlias', 'pluginName', 'pluginType'],
  ...['relativePath', 'state', 'strict', 'summary', 'usage', 'auth', 'completion'],
])

async function generate(folder) {
  const base = join(root, folder)
  const plugin = new Plugin({
    root: base,
    pjson: JSON.parse(readFileSync(join(base, 'package.json'), 'utf8')),
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  const {commands, version} = plugin.manifest
  const text = `${JSON.stringify({commands: mapValues(commands, pickFields), version}, sortKeys, 2)}\n`
  for (const machine of [root, homedir()]) {
    if (text.includes(`"${machine}`))
      fail(`The manifest would hold a path of this machine: ${machine}. Is a flag's default computed?`)
  }
  return text
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

const pickFields = (command) => Object.fromEntries(Object.entries(command).filter(([name]) => fields.has(name)))

/** For `JSON.stringify`: the order of keys says nothing but in `args`, where it is the order on the command line. */
function sortKeys(key, value) {
  if (key === 'args' || value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The places where two JSON values differ, each as one line. */
function differences(committed, built, path = '') {
  if (JSON.stringify(committed) === JSON.stringify(built)) return []
  const isObject = (value) => typeof value === 'object' && value !== null
  if (!isObject(committed) || !isObject(built))
    return [`  ${path}: ${brief(committed)} committed, ${brief(built)} built`]
  const keys = new Set([...Object.keys(committed), ...Object.keys(built)])
  const inside = [...keys].flatMap((key) => differences(committed[key], built[key], path ? `${path} > ${key}` : key))
  return inside.length > 0 ? inside : [`  ${path || 'everywhere'}: the order of the keys`]
}

function brief(value) {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Says how a committed manifest differs from the built one. */
function complaint(path, committed, built) {
  if (committed === undefined) return `${path} is missing.`
  const lines = differences(parsed(committed), JSON.parse(built))
  return [`${path} is stale:`, ...lines.slice(0, 20), ...(lines.length > 20 ? ['  …'] : [])].join('\n')
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return 'no JSON'
  }
}

const check = process.argv.includes('--check')
settings.enableAutoTranspile = false
build()
let stale = false
for (const folder of packages) {
  refuseLeftovers(folder)
  const path = join(folder, 'oclif.manifest.json')
  const built = await generate(folder)
  const committed = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined
  if (committed === built) continue
  if (check) {
    stale = true
    console.error(complaint(path, committed, built))
  } else {
    writeFileSync(join(root, path), built)
    console.error(`Wrote ${path}`)
  }
}
if (stale) fail('Run `npm run manifest` and commit the result.')
