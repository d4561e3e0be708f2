import {readFile} from 'node:fs/promises'
import path from 'node:path'

/** The bundles of a project, `apkg-bundles.json`: lists of packages by name. */
export async function readBundles(folder) {
  return JSON.parse(await readFile(path.join(folder, 'apkg-bundles.json'), 'utf8'))
}
