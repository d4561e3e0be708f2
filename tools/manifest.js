#!/usr/bin/env node
/**
 * Generates `oclif.manifest.json` of the CLI, the registry plugin and the examples from their built commands. With
 * `--check` it writes nothing and fails if a committed manifest is stale. oclif trusts the manifest, so a stale one hides
 * commands.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

import {Plugin, settings} from '@oclif/core'

import {build, fail, assertNoLeftovers, root} from './workspace.js'

const packages = ['', 'packages/plugin-registry', 'examples/plugin-bundles']

/** The fields of a command class that oclif or our hooks read from the manifest. */
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
      fail(`The manifest would contain a path of this machine: ${machine}. Does a flag have a computed default?`)
  }
  return text
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

const pickFields = (command) => Object.fromEntries(Object.entries(command).filter(([name]) => fields.has(name)))

/** A replacer for `JSON.stringify` that sorts keys, except in `args`, whose order is the order on the command line. */
function sortKeys(key, value) {
  if (key === 'args' || value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Lists the differences between two JSON values, one per line. */
function differences(committed, built, path = '') {
  if (JSON.stringify(committed) === JSON.stringify(built)) return []
  const isObject = (value) => typeof value === 'object' && value !== null
  if (!isObject(committed) || !isObject(built))
    return [`  ${path}: ${brief(committed)} committed, ${brief(built)} built`]
  const keys = new Set([...Object.keys(committed), ...Object.keys(built)])
  const nested = [...keys].flatMap((key) => differences(committed[key], built[key], path ? `${path} > ${key}` : key))
  return nested.length > 0 ? nested : [`  ${path || '(root)'}: the order of the keys`]
}

function brief(value) {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Describes how a committed manifest differs from the built one. */
function complaint(path, committed, built) {
  if (committed === undefined) return `${path} is missing.`
  const lines = differences(parsed(committed), JSON.parse(built))
  return [`${path} is stale:`, ...lines.slice(0, 20), ...(lines.length > 20 ? ['  …'] : [])].join('\n')
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return 'invalid JSON'
  }
}

const check = process.argv.includes('--check')
settings.enableAutoTranspile = false
build()
let stale = false
for (const folder of packages) {
  assertNoLeftovers(folder)
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
