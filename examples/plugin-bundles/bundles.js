import {readFile} from 'node:fs/promises'
import path from 'node:path'

/** The file that defines a project's bundles: lists of packages by name. */
export const bundlesFile = 'apkg-bundles.json'

/** @throws if the file can't be read or isn't JSON */
export async function readBundles(folder) {
  return JSON.parse(await readFile(path.join(folder, bundlesFile), 'utf8'))
}
