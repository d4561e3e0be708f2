import {mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

/** A home directory that is removed when the test ends. */
export class TempHome {
  constructor(readonly path: string) {}

  /** Where a file of `~/.apkg` is. */
  file(name: string): string {
    return path.join(this.path, '.apkg', name)
  }

  /** Writes a file of `~/.apkg` as another program would. */
  async write(name: string, content: string | Buffer, mode = 0o600): Promise<void> {
    await mkdir(path.dirname(this.file(name)), {recursive: true, mode: 0o700})
    await writeFile(this.file(name), content, {mode})
  }

  read(name: string): Promise<string> {
    return readFile(this.file(name), 'utf8')
  }

  /** The names in `~/.apkg`, sorted. */
  async names(): Promise<string[]> {
    return (await readdir(path.join(this.path, '.apkg'))).sort()
  }

  /** The permissions of a file of `~/.apkg`, or of the folder itself, as `0600`. */
  async mode(name = ''): Promise<string> {
    const {mode} = await stat(this.file(name))
    return `0${(mode & 0o777).toString(8)}`
  }
}

export async function tempHome(t: Pick<TestContext, 'after'>): Promise<TempHome> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  return new TempHome(home)
}
