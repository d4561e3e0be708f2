import {RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {pinRegistryKeys, readTrust, type PinnedKey} from '../../trust/trust-store.js'
import {pinnedKeyTable} from '../../views/trust/trust-tables.js'

/** The pinned keys of one registry. */
export interface TrustKeysResult {
  /** URL of the registry. */
  registry: string
  /** The pinned keys; empty after `--forget`. */
  keys: readonly PinnedKey[]
}

export default class TrustKeys extends RegistryCommand<TrustKeysResult> {
  static override readonly summary = 'List or forget the pinned keys of a registry.'

  static override readonly description = `A registry signs an attestation for every version that is published to it. The first time apkg verifies a package from a registry, it pins the registry's keys. From then on, it trusts only those keys and successors signed by them.

Forget the keys only if the registry operator has confirmed, through a channel that you trust, that they changed. The next install pins the new keys.

On a terminal, prints a table. Otherwise, prints one key per line, with tab-separated fields: ID, status, expiry.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --forget --registry https://registry.example.com',
  ]

  static override readonly auth = 'none'

  static override readonly flags = {
    forget: Flags.boolean({summary: 'Forget the pinned keys.'}),
  }

  async run(): Promise<TrustKeysResult> {
    const {flags} = await this.parse(TrustKeys)
    const {client} = await this.connect(flags)
    const {registry} = client
    const keys = (await readTrust(this.ports.home)).registryKeys[registry] ?? []
    if (flags.forget) await pinRegistryKeys(this.ports.home, registry, () => [])
    if (keys.length === 0) this.note(`No keys are pinned for ${registry}.`)
    else if (flags.forget) this.success(`Forgot the pinned keys of ${registry}`)
    const result = {registry, keys: flags.forget ? [] : keys}
    return this.show(result, pinnedKeyTable(result.keys, this.ports.stdout, this.ports.now()))
  }
}
