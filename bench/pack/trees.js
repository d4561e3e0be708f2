import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'

/** `join` is how many source files become one file of the package. */
export const trees = [
  {name: 'typical', bytes: 60_000, join: 1},
  {name: 'many-files', bytes: 36_000_000, join: 1},
  {name: 'large-files', bytes: 36_000_000, join: 200},
]

/** Source code and documentation. */
const isText = /\.(?:md|[cm]?js|ts|json|css|html)$/

/** Files that would change what is packed, and examples of secrets, with which packing fails. */
const isUnwanted = /(?:^|\/)(?:package\.json|apkg\.json|claude\.md|agents\.md|gemini\.md|\.[^/]*)$|secret/i

/** Bytes. */
const maxFile = 2_000_000

/**
 * Writes a package for apkg and npm, with files from a directory of dependencies.
 *
 * @returns the number of files and their size in bytes
 */
export async function writeTree(sources, place, {bytes, join}) {
  const manifest = {name: '@ada/bench', version: '1.0.0', description: 'Measures packing.', license: 'MIT'}
  await writeFile(path.join(place, 'package.json'), JSON.stringify(manifest))
  await writeFile(path.join(place, 'apkg.json'), JSON.stringify({...manifest, type: 'skill', visibility: 'public'}))
  await writeFile(path.join(place, 'SKILL.md'), '---\nname: bench\ndescription: Measures packing.\n---\n')
  let [files, size, group] = [0, 0, []]
  const write = async (name) => {
    const file = path.join(place, 'references', `part-${Math.floor(files / 100)}`, `${files}-${name}`)
    await mkdir(path.dirname(file), {recursive: true})
    await writeFile(file, Buffer.concat(group))
    group = []
    files++
  }
  for await (const file of textFiles(sources)) {
    const content = await readFile(file)
    if (content.length > Math.min(maxFile, bytes - size)) continue
    group.push(content)
    size += content.length
    if (group.length === join) await write(path.basename(file))
    if (size > bytes * 0.99) break
  }
  if (group.length > 0) await write('rest.txt')
  return {files, size}
}

async function* textFiles(folder) {
  const entries = await readdir(folder, {withFileTypes: true})
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name)
    if (isUnwanted.test(file)) continue
    if (entry.isDirectory()) yield* textFiles(file)
    else if (entry.isFile() && isText.test(entry.name)) yield file
  }
}
