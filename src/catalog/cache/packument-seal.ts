import {hkdfSync} from 'node:crypto'

import {ensureLedgerKey, readLedgerKey} from '../../files/ledger-key.js'
import {seal, unseal} from '../../files/seal.js'

/**
 * Authenticates cached packuments, so that other users who can write to the cache can't decide what is installed. The key is
 * derived from the one that authenticates ledgers, and stays out of the cache.
 */
export class PackumentSeal {
  #known: Promise<Uint8Array | undefined> | undefined
  #ensured: Promise<Uint8Array> | undefined

  /** @param home the user's home directory. */
  constructor(private readonly home: string) {}

  async seal(text: string): Promise<string> {
    this.#ensured ??= ensureLedgerKey(this.home).then(derived)
    this.#known = this.#ensured
    return seal(text, await this.#ensured)
  }

  /** The text; undefined if it wasn't sealed by this user's apkg, or was changed since. */
  async unseal(text: string): Promise<string | undefined> {
    this.#known ??= readLedgerKey(this.home).then((key) => key && derived(key))
    const key = await this.#known
    return key && unseal(text, key)
  }
}

/** HKDF-SHA256, RFC 5869. */
function derived(ledgerKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', ledgerKey, new Uint8Array(), 'apkg cached packument v1', 32))
}
