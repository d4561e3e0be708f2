#!/usr/bin/env node
/**
 * Generates `packages/plugin-registry/openapi.json` from the built registry. With `--check` it writes nothing and fails if
 * the committed document is stale.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {build, fail, root} from './workspace.js'

const path = 'packages/plugin-registry/openapi.json'
const file = join(root, path)

build()
const {openApiDocument} = await import('@apkg/plugin-registry/dist/server/http/openapi/index.js')
const {version} = JSON.parse(readFileSync(join(root, 'packages/plugin-registry/package.json'), 'utf8'))
const built = `${JSON.stringify(openApiDocument({version}), undefined, 2)}\n`
const committed = existsSync(file) ? readFileSync(file, 'utf8') : undefined
if (committed !== built) {
  if (process.argv.includes('--check')) fail(`${path} is stale. Run \`npm run openapi\` and commit the result.`)
  writeFileSync(file, built)
  console.error(`Wrote ${path}`)
}
