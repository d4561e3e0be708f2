import {readdirSync} from 'node:fs'
import {chmod, rm, stat} from 'node:fs/promises'
import path from 'node:path'

import {isApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {makeFolder} from './make-folder.js'
import {assertOwnFolder, readOwnFile} from './assert-own-file.js'
import {isAbsent, errorReason} from './system-error.js'

/** The files in `~/.apkg` that apkg replaces atomically. */
export type StateFile = 'config' | 'credentials' | 'sessions' | 'trust' | 'tickets'

/** The names of temporary files that `conf` (through `atomically`) hasn't renamed yet. */
const unfinishedWrite = /^(config|credentials|sessions|trust|tickets)\.json\.tmp-[0-9a-f]+$/

/**
 * The directory `~/.apkg`.
 *
 * The few short files that every command reads are read synchronously, because Node would start threads for an
 * asynchronous read.
 */
export class StateFolder {
  readonly path: string

  /**
   * @param home an absolute path
   * @throws {ApkgError} `HOME_UNUSABLE` if the path is relative, because that would be a directory in the project
   */
  constructor(home: string) {
    if (!path.isAbsolute(home)) throw failure('HOME_UNUSABLE', {home})
    this.path = path.join(home, '.apkg')
  }

  /** Returns the absolute path of a file. */
  file(name: StateFile): string {
    return path.join(this.path, `${name}.json`)
  }

  /**
   * Reads the JSON in a file.
   *
   * @param isValid checks the parsed value
   * @returns undefined only if the file doesn't exist
   * @throws {ApkgError} `FILE_UNREADABLE`, also if another user owns the file or the directory or can write to it;
   *   `FILE_DAMAGED`, which doesn't quote the content
   */
  async read<Content>(name: StateFile, isValid: (value: unknown) => value is Content): Promise<Content | undefined> {
    const file = this.file(name)
    let text: string
    try {
      assertOwnFolder(this.path)
      text = readOwnFile(file).toString('utf8')
    } catch (error) {
      if (isAbsent(error)) return undefined
      if (isApkgError(error)) throw error
      throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)})
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw failure('FILE_DAMAGED', {path: file, reason: text.trim() === '' ? 'it is empty' : 'it is not JSON'})
    }
    if (!isValid(value)) throw failure('FILE_DAMAGED', {path: file, reason: 'it has unexpected content'})
    return value
  }

  /**
   * Replaces a file atomically, with mode 0600. The caller must hold the lock, and must have read the file, because `conf`
   * would misinterpret a damaged one.
   *
   * @throws {ApkgError} `FILE_UNWRITABLE`
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
      throw failure('FILE_UNWRITABLE', {path: this.file(name), reason: errorReason(error)})
    }
  }

  /**
   * Deletes a file if it exists.
   *
   * @throws {ApkgError} `FILE_UNWRITABLE`
   */
  async remove(name: StateFile): Promise<void> {
    try {
      await rm(this.file(name), {force: true})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: this.file(name), reason: errorReason(error)})
    }
  }

  /**
   * Creates the directory if necessary, and makes it private (0700). `conf` would create it with the default mode.
   *
   * @throws {ApkgError} `FILE_UNWRITABLE`; `FILE_UNREADABLE` if another user owns the directory or can write to it
   */
  async ensure(): Promise<void> {
    assertOwnFolder(this.path)
    try {
      makeFolder(this.path)
      // The slash makes `stat` fail if the path is a file.
      const {mode} = await stat(this.path + path.sep)
      if ((mode & 0o077) !== 0) await chmod(this.path, 0o700)
    } catch (error) {
      const suggestions = ['set HOME to a directory that you can write to']
      throw failure('FILE_UNWRITABLE', {path: this.path, reason: errorReason(error), suggestions})
    }
  }

  /** Returns the paths of temporary files that killed processes left behind. They can contain secrets. */
  async unfinishedWrites(): Promise<string[]> {
    try {
      return readdirSync(this.path)
        .filter((name) => unfinishedWrite.test(name))
        .map((name) => path.join(this.path, name))
    } catch (error) {
      if (isAbsent(error)) return []
      throw failure('FILE_UNREADABLE', {path: this.path, reason: errorReason(error)})
    }
  }
}
