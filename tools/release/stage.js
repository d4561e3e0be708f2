import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

import {root} from '../workspace.js'

export const readManifest = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))

export function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
}

/** Fields of package.json that matter only for development. */
const developmentFields = new Set(['workspaces', 'devDependencies', 'overrides', 'scripts'])

export const published = (manifest) =>
  Object.fromEntries(Object.entries(manifest).filter(([field]) => !developmentFields.has(field)))

/** Excludes the compiler's build information. */
const isPublished = (path) => !path.endsWith('.tsbuildinfo')

/** Copies a file or folder of a package to `place`. */
export function copy(folder, path, place) {
  mkdirSync(dirname(place), {recursive: true})
  cpSync(join(root, folder, path), place, {recursive: true, filter: isPublished})
}
