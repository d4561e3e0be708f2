import {mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

/** A temporary home directory. */
export class TempHome {
  constructor(readonly path: string) {}

  /** Returns the path of a file in `~/.apkg`. */
  file(name: string): string {
    return path.join(this.path, '.apkg', name)
  }

  /** Writes a file to `~/.apkg`. */
  async write(name: string, content: string | Buffer, mode = 0o600): Promise<void> {
    await mkdir(path.dirname(this.file(name)), {recursive: true, mode: 0o700})
    await writeFile(this.file(name), content, {mode})
  }

  read(name: string): Promise<string> {
    return readFile(this.file(name), 'utf8')
  }

  /** Returns the names of the files in `~/.apkg`, sorted. */
  async names(): Promise<string[]> {
    return (await readdir(path.join(this.path, '.apkg'))).sort()
  }

  /** Returns the mode of a file in `~/.apkg`, or of the directory itself, such as `0600`. */
  async mode(name = ''): Promise<string> {
    const {mode} = await stat(this.file(name))
    return `0${(mode & 0o777).toString(8)}`
  }
}

/** Creates a home directory that is removed after the test. */
export async function tempHome(t: Pick<TestContext, 'after'>): Promise<TempHome> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'apkg-home-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  return new TempHome(home)
}
