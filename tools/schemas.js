#!/usr/bin/env node
/**
 * Generates the JSON Schemas of the `--json` output from the types in the source: one for each command of the CLI and of
 * the registry plugin, and one for errors. With `--check` it writes nothing and fails if a committed schema is stale.
 */
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

import {build, fail, filesBelow, root} from './workspace.js'
import {errorSchema, resultSchemas} from './schemas/generate.js'

const places = ['', 'packages/plugin-registry']

const check = process.argv.includes('--check')
build()
const stale = []
for (const place of places) {
  const folder = join(root, place, 'schemas')
  const wanted = resultSchemas(place)
  if (place === '') wanted.set('error.json', errorSchema())
  const present = new Map(filesBelow(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  for (const name of new Set([...wanted.keys(), ...present.keys()])) {
    if (wanted.get(name) === present.get(name)) continue
    const path = join(place, 'schemas', name)
    if (check) stale.push(path)
    else update(path, wanted.get(name))
  }
}
if (stale.length > 0) fail(`Stale: ${stale.join(', ')}. Run \`npm run schemas\` and commit the result.`)

function update(path, text) {
  const file = join(root, path)
  if (text === undefined) {
    rmSync(file)
  } else {
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, text)
  }
  console.error(`${text === undefined ? 'Removed' : 'Wrote'} ${path}`)
}
