import {randomBytes} from 'node:crypto'
import {rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {assertOwnFolder, readOwnFile, StateFolder, withLock} from '@apkg/command-kit'

/** Bytes, like the output of SHA-256. */
const keyLength = 32

/** The keys that couldn't be saved, by home directory. They authenticate ledgers until the process ends. */
const unsavedKeys = new Map<string, Uint8Array>()

/**
 * The key that authenticates what this user's apkg wrote: ledgers, and, through a key derived from it, cached packuments.
 * Undefined if there is none, or another user owns it or can write to it.
 */
export async function readLedgerKey(home: string): Promise<Uint8Array | undefined> {
  return (await readSavedKey(home)) ?? unsavedKeys.get(home)
}

async function readSavedKey(home: string): Promise<Uint8Array | undefined> {
  try {
    const folder = new StateFolder(home)
    assertOwnFolder(folder.path)
    const key = readOwnFile(keyFile(folder), keyLength)
    return key.length === keyLength ? key : undefined
  } catch {
    return undefined
  }
}

/**
 * As `readLedgerKey`, but creates a missing key. If the home directory isn't writable, the key is only kept in memory:
 * tools can be set up, and the next process installs the packages and requests the packuments again.
 */
export async function ensureLedgerKey(home: string): Promise<Uint8Array> {
  const known = await readLedgerKey(home)
  if (known) return known
  const key = randomBytes(keyLength)
  const folder = new StateFolder(home)
  try {
    return await withLock(folder, async (lock) => {
      const existing = await readSavedKey(home)
      if (existing) return existing
      const file = keyFile(folder)
      const temporary = `${file}.tmp`
      await rm(temporary, {force: true})
      await writeFile(temporary, key, {flag: 'wx', mode: 0o600, flush: true})
      lock.assertHeld()
      await rename(temporary, file)
      return key
    })
  } catch {
    unsavedKeys.set(home, key)
    return key
  }
}

function keyFile(folder: StateFolder): string {
  return path.join(folder.path, 'ledger.key')
}
