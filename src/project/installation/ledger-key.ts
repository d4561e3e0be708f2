import {randomBytes} from 'node:crypto'
import {rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {StateFolder, withLock} from '@apkg/command-kit'

import {readBounded} from '../../files/read-bounded.js'

/** Bytes, as many as the hash has. */
const keyLength = 32

/** The key by which a user's apkg knows the ledgers that it wrote; undefined where there is none. */
export async function readLedgerKey(home: string): Promise<Uint8Array | undefined> {
  try {
    const key = await readBounded(keyFile(new StateFolder(home)), keyLength)
    return key.length === keyLength ? key : undefined
  } catch {
    return undefined
  }
}

/**
 * As `readLedgerKey`; where there is none, it is made. A home folder that takes none gets one that is not kept: packages
 * installed with it are installed again the next time.
 */
export async function ensureLedgerKey(home: string): Promise<Uint8Array> {
  const known = await readLedgerKey(home)
  if (known) return known
  const key = randomBytes(keyLength)
  const folder = new StateFolder(home)
  try {
    return await withLock(folder, async (lock) => {
      const made = await readLedgerKey(home)
      if (made) return made
      const file = keyFile(folder)
      const unfinished = `${file}.tmp`
      await rm(unfinished, {force: true})
      await writeFile(unfinished, key, {flag: 'wx', mode: 0o600, flush: true})
      lock.assertHeld()
      await rename(unfinished, file)
      return key
    })
  } catch {
    return key
  }
}

function keyFile(folder: StateFolder): string {
  return path.join(folder.path, 'ledger.key')
}
