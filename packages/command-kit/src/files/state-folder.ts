import {readdirSync, readFileSync} from 'node:fs'
import {chmod, rm, stat} from 'node:fs/promises'
import path from 'node:path'

import {failure} from '../errors/define-failures.js'
import {makeFolder} from './make-folder.js'
import {isAbsent, reasonOf} from './system-error.js'

/** The files of `~/.apkg` that apkg replaces whole. */
export type StateFile = 'config' | 'credentials' | 'sessions' | 'trust'

/** What `conf` (by `atomically`) calls a file that it has not renamed into place yet. */
const unfinishedWrite = /^(config|credentials|sessions|trust)\.json\.tmp-[0-9a-f]+$/

/**
 * The folder of everything that apkg keeps about its user, `~/.apkg`.
 *
 * What each start reads, a few short files, is read at once: for anything else Node would start threads first.
 */
export class StateFolder {
  readonly path: string

  /** @throws {ApkgError} `HOME_UNUSABLE` for a relative path, which would be a project's folder. */
  constructor(home: string) {
    if (!path.isAbsolute(home)) throw failure('HOME_UNUSABLE', {home})
    this.path = path.join(home, '.apkg')
  }

  /** Where a file is, for messages and for `conf`. */
  file(name: StateFile): string {
    return path.join(this.path, `${name}.json`)
  }

  /**
   * The JSON object in a file; undefined where the file does not exist, which alone means empty.
   *
   * @param isValid whether a parsed value has the file's shape.
   * @throws {ApkgError} `FILE_UNREADABLE`, and `FILE_DAMAGED` without a word of the content.
   */
  async read<Content>(name: StateFile, isValid: (value: unknown) => value is Content): Promise<Content | undefined> {
    const file = this.file(name)
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw failure('FILE_UNREADABLE', {path: file, reason: reasonOf(error)})
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw failure('FILE_DAMAGED', {path: file, reason: text.trim() === '' ? 'it is empty' : 'it is not JSON'})
    }
    if (!isValid(value)) throw failure('FILE_DAMAGED', {path: file, reason: 'it does not hold what it should'})
    return value
  }

  /**
   * Replaces a file: 0600 from its first byte, in a 0700 folder, on disk before it takes the old one's place.
   * The caller holds the lock and has read the file, so that `conf` meets nothing that it would misread.
   *
   * @throws {ApkgError} `FILE_UNWRITABLE`.
   */
  async replace(name: StateFile, content: object): Promise<void> {
    const {default: Conf} = await import('conf')
    try {
      const file = new Conf({
        cwd: this.path,
        configName: name,
        accessPropertiesByDotNotation: false,
        configFileMode: 0o600,
        clearInvalidConfig: false,
        serialize: (value) => JSON.stringify(value, undefined, 2),
      })
      file.store = {...content}
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: this.file(name), reason: reasonOf(error)})
    }
  }

  async remove(name: StateFile): Promise<void> {
    try {
      await rm(this.file(name), {force: true})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: this.file(name), reason: reasonOf(error)})
    }
  }

  /**
   * Makes the folder if it is not there and closes it to others: before `conf`, which would leave it open.
   *
   * @throws {ApkgError} `FILE_UNWRITABLE`.
   */
  async ensure(): Promise<void> {
    try {
      makeFolder(this.path)
      // With the slash, a file in its place is refused here, and not only when the lock has been tried for long.
      const {mode} = await stat(this.path + path.sep)
      if ((mode & 0o077) !== 0) await chmod(this.path, 0o700)
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: this.path, reason: reasonOf(error)})
    }
  }

  /** The files that killed processes left half-written; they may hold secrets. */
  async unfinishedWrites(): Promise<string[]> {
    try {
      return readdirSync(this.path)
        .filter((name) => unfinishedWrite.test(name))
        .map((name) => path.join(this.path, name))
    } catch (error) {
      if (isAbsent(error)) return []
      throw failure('FILE_UNREADABLE', {path: this.path, reason: reasonOf(error)})
    }
  }
}
