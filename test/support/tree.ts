import {lstat, readdir, readFile, readlink} from 'node:fs/promises'
import path from 'node:path'

/** Returns everything in a directory by path: the text of a file, `-> target` for a link, `/` for an empty directory. */
export async function treeOf(folder: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {}
  for (const entry of (await readdir(folder, {recursive: true})).sort()) {
    const file = path.join(folder, entry)
    const stat = await lstat(file)
    if (stat.isSymbolicLink()) tree[entry] = `-> ${await readlink(file)}`
    else if (stat.isFile()) tree[entry] = await readFile(file, 'utf8')
    else if (stat.isDirectory() && (await readdir(file)).length === 0) tree[entry] = '/'
  }
  return tree
}
