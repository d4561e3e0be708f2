import {chmod, open, readdir, rm, stat} from 'node:fs/promises'
import path from 'node:path'

import {
  assertOwnFolder,
  failure,
  isAbsent,
  isApkgError,
  makeFolder,
  errorReason,
  readOwnFile,
  StateFolder,
  withLock,
  type ApkgError,
} from '@apkg/command-kit'

import {writeAtomically} from '../../files/replace-file.js'
import {formatKeyFile, parseKeyFile, type KeyFile, type PublicFields} from './key-file.js'
import {selectKey} from './select-key.js'

/** A signing key on this machine. */
export interface StoredKey extends PublicFields {
  /** Whether a passphrase protects the private key. */
  isEncrypted: boolean
  /** Absolute path of the key file. */
  file: string
}

/** In bytes. A key file has a few hundred. */
const maxFileSize = 16_384

const temporarySuffix = '.tmp'

/** The user's signing keys: one file each in `~/.apkg/keys`, shared with the original client. */
export class KeyStore {
  readonly path: string
  readonly #state: StateFolder

  /** @throws {ApkgError} `HOME_UNUSABLE`. */
  constructor(home: string) {
    this.#state = new StateFolder(home)
    this.path = path.join(this.#state.path, 'keys')
  }

  /** All readable keys, oldest first. */
  async list(): Promise<StoredKey[]> {
    return (await this.listAll()).keys
  }

  /**
   * All readable keys, oldest first, and an error for each unreadable one.
   *
   * @throws {ApkgError} `FILE_UNREADABLE` if the directory can't be read, or another user owns it or can write to it.
   */
  async listAll(): Promise<{keys: StoredKey[]; unusable: ApkgError[]}> {
    const read = await Promise.all((await this.#files()).map((file) => storedKey(file)))
    const keys = read.filter((each): each is StoredKey => !isApkgError(each))
    return {keys: keys.sort(byAge), unusable: read.filter(isApkgError)}
  }

  /**
   * Finds a key by its ID, a unique prefix of it, or its unique name.
   *
   * @throws {ApkgError} `KEY_AMBIGUOUS`; if nothing is found, the error of an unreadable file, which may contain the key.
   */
  async find(given: string): Promise<StoredKey | undefined> {
    const {keys, unusable} = await this.listAll()
    const key = selectKey(given, keys)
    if (!key && unusable[0]) throw unusable[0]
    return key
  }

  /**
   * Stores a key: file mode 0600 from the start, directory mode 0700, both synced to disk.
   *
   * @throws {ApkgError} `FILE_UNWRITABLE`, `STORE_LOCKED`.
   */
  async save(key: KeyFile): Promise<StoredKey> {
    const file = path.join(this.path, fileName(key.keyId))
    return withLock(this.#state, async (lock) => {
      try {
        await this.#prepare()
        await writeAtomically(file, formatKeyFile(key), {temporary: file + temporarySuffix, mode: 0o600, lock})
        await syncFolder(this.path)
      } catch (error) {
        if (isApkgError(error)) throw error
        throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
      }
      return asStored(key, file)
    })
  }

  /** @throws {ApkgError} `FILE_UNWRITABLE`. */
  async remove({file}: StoredKey): Promise<void> {
    try {
      await rm(file, {force: true})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
    }
  }

  async #files(): Promise<string[]> {
    assertOwnFolder(this.#state.path)
    assertOwnFolder(this.path)
    try {
      const names = await readdir(this.path)
      return names.filter((name) => name.endsWith('.json')).map((name) => path.join(this.path, name))
    } catch (error) {
      if (isAbsent(error)) return []
      throw failure('FILE_UNREADABLE', {path: this.path, reason: errorReason(error)}, {cause: error})
    }
  }

  /** Creates the directory, makes it private (0700), and removes partial files of killed processes. */
  async #prepare(): Promise<void> {
    assertOwnFolder(this.path)
    makeFolder(this.path)
    const {mode} = await stat(this.path + path.sep)
    if ((mode & 0o077) !== 0) await chmod(this.path, 0o700)
    const leftovers = (await readdir(this.path)).filter((name) => name.endsWith(temporarySuffix))
    for (const name of leftovers) await rm(path.join(this.path, name), {force: true})
  }
}

/**
 * Reads and parses a key file.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`; `FILE_DAMAGED`, which quotes nothing from the file.
 */
export async function readKeyFile(file: string): Promise<KeyFile> {
  let bytes: Buffer
  try {
    bytes = readOwnFile(file, maxFileSize)
  } catch (error) {
    if (isApkgError(error)) throw error
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
  const key = parseKeyFile(bytes.toString('utf8'))
  if (typeof key === 'string') throw failure('FILE_DAMAGED', {path: file, reason: key})
  return key
}

async function storedKey(file: string): Promise<StoredKey | ApkgError> {
  try {
    return asStored(await readKeyFile(file), file)
  } catch (error) {
    if (!isApkgError(error)) throw error
    return error
  }
}

function asStored({keyId, name, publicKey, createdAt, privateHalf}: KeyFile, file: string): StoredKey {
  return {keyId, name, publicKey, createdAt, isEncrypted: !(privateHalf instanceof Uint8Array), file}
}

/** The original client's file name. Separators of all platforms are replaced, so it stays within the directory. */
function fileName(keyId: string): string {
  return `${keyId.replaceAll(/[:/+\\]/g, '_')}.json`
}

/** By creation, which has second precision, then by id. */
function byAge(a: StoredKey, b: StoredKey): number {
  return `${a.createdAt} ${a.keyId}` < `${b.createdAt} ${b.keyId}` ? -1 : 1
}

/** Syncs directory entries to disk: after a rotation, a power cut must not lose the new key. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder)
    await handle.sync().finally(() => handle.close())
  } catch {
    // Windows can't open directories.
  }
}
