import {chmod, open, readdir, rm, stat} from 'node:fs/promises'
import path from 'node:path'

import {
  failure,
  isAbsent,
  isApkgError,
  makeFolder,
  reasonOf,
  StateFolder,
  withLock,
  type ApkgError,
} from '@apkg/command-kit'

import {writeAtomically} from '../../files/replace-file.js'
import {readBounded} from '../../files/read-bounded.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {formatKeyFile, parseKeyFile, type KeyFile, type PublicFields} from './key-file.js'
import {selectKey} from './select-key.js'

/** A signing key on this machine. */
export interface StoredKey extends PublicFields {
  /** Whether a passphrase protects the private key. */
  isEncrypted: boolean
  /** Absolute path of the key file. */
  file: string
}

/** Bytes; a key file has some hundred. */
const largestFile = 16_384

/** What a file is called until it is whole. */
const temporarySuffix = '.tmp'

/** The signing keys of one user, `~/.apkg/keys`, a file each. The original client reads and writes the same files. */
export class KeyStore {
  readonly path: string
  readonly #state: StateFolder

  /** @throws {ApkgError} `HOME_UNUSABLE`. */
  constructor(home: string) {
    this.#state = new StateFolder(home)
    this.path = path.join(this.#state.path, 'keys')
  }

  /** Every key that can be read, the oldest first. */
  async list(): Promise<StoredKey[]> {
    return (await this.listAll()).keys
  }

  /**
   * Every key that can be read, the oldest first, and why the others cannot.
   *
   * @throws {ApkgError} `FILE_UNREADABLE` for the folder.
   */
  async listAll(): Promise<{keys: StoredKey[]; unusable: ApkgError[]}> {
    const read = await Promise.all((await this.#files()).map((file) => storedKey(file)))
    const keys = read.filter((each): each is StoredKey => !isApkgError(each))
    return {keys: keys.sort(byAge), unusable: read.filter(isApkgError)}
  }

  /**
   * The key that a text stands for: its id, a unique beginning of it, or its name where no other has it.
   *
   * @throws {ApkgError} `KEY_AMBIGUOUS`; where no key is found, why a file cannot be read that may hold it.
   */
  async find(given: string): Promise<StoredKey | undefined> {
    const {keys, unusable} = await this.listAll()
    const key = selectKey(given, keys)
    if (!key && unusable[0]) throw unusable[0]
    return key
  }

  /**
   * Keeps a key: its file is 0600 from the first byte, in a 0700 folder, and on disk, its name too.
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
        throw failure('FILE_UNWRITABLE', {path: file, reason: reasonOf(error)}, {cause: error})
      }
      return asStored(key, file)
    })
  }

  /** @throws {ApkgError} `FILE_UNWRITABLE`. */
  async remove({file}: StoredKey): Promise<void> {
    try {
      await rm(file, {force: true})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: file, reason: reasonOf(error)}, {cause: error})
    }
  }

  async #files(): Promise<string[]> {
    try {
      const names = await readdir(this.path)
      return names.filter((name) => name.endsWith('.json')).map((name) => path.join(this.path, name))
    } catch (error) {
      if (isAbsent(error)) return []
      throw failure('FILE_UNREADABLE', {path: this.path, reason: reasonOf(error)}, {cause: error})
    }
  }

  /** Makes the folder, closes it to others, and removes what killed processes left half-written. */
  async #prepare(): Promise<void> {
    makeFolder(this.path)
    const {mode} = await stat(this.path + path.sep)
    if ((mode & 0o077) !== 0) await chmod(this.path, 0o700)
    const leftovers = (await readdir(this.path)).filter((name) => name.endsWith(temporarySuffix))
    for (const name of leftovers) await rm(path.join(this.path, name), {force: true})
  }
}

/**
 * A key file that is there, whole.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`; `FILE_DAMAGED`, which says nothing of the content.
 */
export async function readKeyFile(file: string): Promise<KeyFile> {
  let bytes: Buffer
  try {
    bytes = await readBounded(file, largestFile)
  } catch (error) {
    const reason = error instanceof UnusableFile ? error.message : reasonOf(error)
    throw failure('FILE_UNREADABLE', {path: file, reason}, {cause: error})
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

/** The name that the original client gives it, without what leads out of the folder anywhere. */
function fileName(keyId: string): string {
  return `${keyId.replaceAll(/[:/+\\]/g, '_')}.json`
}

/** By creation, which is told to the second, and then by id. */
function byAge(one: StoredKey, other: StoredKey): number {
  return `${one.createdAt} ${one.keyId}` < `${other.createdAt} ${other.keyId}` ? -1 : 1
}

/** Puts names on disk, where the file system can: a rotation ends the old key, and a power cut must not take the new one. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder)
    await handle.sync().finally(() => handle.close())
  } catch {
    // Windows opens no folders.
  }
}
