import {mkdtemp, realpath, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

/** Creates a directory that is removed after the test. Its path contains no symbolic link. */
export async function tempFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'apkg-test-')))
  t.after(() => rm(folder, {recursive: true, force: true, maxRetries: 3}))
  return folder
}
