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

/** The files of a registry, in a folder that nobody else can read. */
export interface DataFolder {
  database: string
  /** The folder of the tarballs, and of what is not a tarball yet. */
  blobs: string
  serveLock: string
  /** Keeps the collection of garbage and a backup apart. */
  collectionLock: string
  /** Encrypts TOTP secrets; kept out of the database, so that a copy of that alone does not reveal them. */
  key: Uint8Array
}

/** Why a folder cannot be used, in a sentence for the operator. */
export class UnusableDataFolder extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableDataFolder'
  }
}

const keyLength = 32

/** The database in a backup. It has another name than one in use, so that a backup is never served by mistake. */
export const snapshotName = 'snapshot.db'

/** The folder, within the one to be, that a database is made ready in while it is restored. */
export const restoringName = 'restoring'

/** What a data folder cannot be without: all that a backup copies. */
export function dataFolderFiles(folder: string): {database: string; blobs: string; key: string} {
  return {
    database: path.join(folder, 'registry.db'),
    blobs: path.join(folder, 'blobs'),
    key: path.join(folder, 'secret.key'),
  }
}

/**
 * Makes a folder ready for a registry: 0700, its files 0600 from their first byte.
 *
 * @param options.create whether a registry may be begun here.
 * @throws UnusableDataFolder when there is no registry and none may be begun, or the folder is open to others and holds
 * things that are not ours.
 */
export function openDataFolder(folder: string, options: {create: boolean}): DataFolder {
  const {database, blobs, key: keyFile} = dataFolderFiles(folder)
  if (!existsSync(database)) {
    refuseUnfinished(folder)
    if (!options.create) throw new UnusableDataFolder(`there is no registry in ${folder}`)
    makeFolder(folder)
  }
  closeToOthers(folder, database)
  if (!existsSync(database)) createKey(keyFile)
  const key = readKey(keyFile)
  closeSync(openSync(database, 'a', 0o600))
  // What was copied back from a backup has the modes of the copy.
  for (const file of [database, keyFile]) chmodSync(file, 0o600)
  return {
    database,
    blobs,
    serveLock: path.join(folder, 'serve.lock'),
    collectionLock: path.join(folder, 'collection.lock'),
    key,
  }
}

/** Where a registry may be begun neither now nor by mistake. */
function refuseUnfinished(folder: string): void {
  if (existsSync(path.join(folder, snapshotName))) {
    throw new UnusableDataFolder(`${folder} is a backup; run \`apkg registry restore\` to make a registry of it`)
  }
  if (existsSync(path.join(folder, restoringName))) {
    throw new UnusableDataFolder(
      `a restore into ${folder} has not ended; if none is running, delete the folder and restore anew`,
    )
  }
}

function closeToOthers(folder: string, database: string): void {
  const isOpenToOthers = process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0
  if (!isOpenToOthers) return
  if (!existsSync(database) && readdirSync(folder).length > 0) {
    throw new UnusableDataFolder(
      `${folder} is not empty and others can read it; run \`chmod 700\` on it or name another`,
    )
  }
  chmodSync(folder, 0o700)
}

/** Whole or not at all: written under another name, then linked. A key that exists stays. */
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
  if (!existsSync(file))
    throw new UnusableDataFolder(`${file} is missing; restore it beside the database it belongs to`)
  const key = readFileSync(file)
  if (key.length !== keyLength) throw new UnusableDataFolder(`${file} is damaged; restore it from a backup`)
  return key
}
