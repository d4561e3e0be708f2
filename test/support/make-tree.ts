import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

/** Creates a directory with files, and removes it after the test. A path that ends with a slash is an empty directory. */
export async function makeTree(
  t: Pick<TestContext, 'after'>,
  files: Record<string, string | Uint8Array>,
): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'apkg-tree-'))
  t.after(() => rm(root, {recursive: true, force: true}))
  await writeTree(root, files)
  return root
}

export async function writeTree(root: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    await mkdir(name.endsWith('/') ? file : path.dirname(file), {recursive: true})
    if (!name.endsWith('/')) await writeFile(file, content)
  }
}

export async function makeExecutable(file: string): Promise<void> {
  await chmod(file, 0o755)
}
