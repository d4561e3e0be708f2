import {randomBytes} from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

import {makeFolder, syncFolder} from '../blobs/folders.js'

/** The files of a registry, in a private directory. */
export interface DataFolder {
  database: string
  /** The directory of tarballs and unfinished uploads. */
  blobs: string
  serveLock: string
  /** Held during a backup, for servers of earlier releases, which collect garbage only while they hold it. */
  collectionLock: string
  /** Encrypts secrets in the database. It is in a separate file, so that a copy of the database alone does not reveal them. */
  key: Uint8Array
}

export type DataFolderProblem =
  | 'no-registry'
  | 'is-backup'
  | 'restore-unfinished'
  | 'not-private'
  | 'key-missing'
  | 'key-damaged'
  | 'migration-pending'
  | 'damaged'

export class UnusableDataFolder extends Error {
  override readonly name = 'UnusableDataFolder'
  constructor(
    readonly problem: DataFolderProblem,
    message: string,
  ) {
    super(message)
  }
}

const keyLength = 32

/** The database in a backup. Its name differs from `registry.db`, so that a backup is not served by mistake. */
export const snapshotName = 'snapshot.db'

/** The directory inside a data directory where a database is prepared during a restore. */
export const restoringName = 'restoring'

/** The essential files of a data directory, which a backup copies. */
export function dataFolderFiles(folder: string): {database: string; blobs: string; key: string} {
  return {
    database: path.join(folder, 'registry.db'),
    blobs: path.join(folder, 'blobs'),
    key: path.join(folder, 'secret.key'),
  }
}

/**
 * Prepares a data directory: mode 0700, files created with mode 0600.
 *
 * @param options.create whether to create a registry if there is none.
 * @throws {UnusableDataFolder} if a registry is missing and must not be created, or if others can read the directory and it
 * has unrelated files
 */
export function openDataFolder(folder: string, options: {create: boolean}): DataFolder {
  const {database, blobs, key: keyFile} = dataFolderFiles(folder)
  if (!existsSync(database)) {
    assertNotBackup(folder)
    if (!options.create) throw new UnusableDataFolder('no-registry', `no registry found in ${folder}`)
    makeFolder(folder)
  }
  makePrivate(folder, database)
  if (!existsSync(database)) createKey(keyFile)
  const key = readKey(keyFile)
  closeSync(openSync(database, 'a', 0o600))
  // Files that were copied here may have other modes.
  for (const file of [database, keyFile]) chmodSync(file, 0o600)
  return {
    database,
    blobs,
    serveLock: path.join(folder, 'serve.lock'),
    collectionLock: path.join(folder, 'collection.lock'),
    key,
  }
}

/** A new registry must not be created in a backup or an unfinished restore. */
function assertNotBackup(folder: string): void {
  if (existsSync(path.join(folder, snapshotName))) {
    throw new UnusableDataFolder('is-backup', `${folder} is a backup`)
  }
  if (existsSync(path.join(folder, restoringName))) {
    throw new UnusableDataFolder('restore-unfinished', `a restore into ${folder} has not finished`)
  }
}

function makePrivate(folder: string, database: string): void {
  const isReadableByOthers = process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0
  if (!isReadableByOthers) return
  if (!existsSync(database) && readdirSync(folder).length > 0) {
    throw new UnusableDataFolder('not-private', `${folder} is not empty, and other users can read it`)
  }
  chmodSync(folder, 0o700)
}

/** Written under another name, then linked, so that it is never incomplete. An existing key stays. */
function createKey(file: string): void {
  if (existsSync(file)) return
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, randomBytes(keyLength))
    fsyncSync(descriptor)
    linkSync(draft, file)
    syncFolder(path.dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    closeSync(descriptor)
    rmSync(draft, {force: true})
  }
}

function readKey(file: string): Uint8Array {
  if (!existsSync(file)) throw new UnusableDataFolder('key-missing', `${file} is missing`)
  const key = readFileSync(file)
  if (key.length !== keyLength) throw new UnusableDataFolder('key-damaged', `${file} is damaged`)
  return key
}
