import {RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {pinRegistryKeys, readTrust, type PinnedKey} from '../../trust/trust.js'
import {pinnedKeyList} from '../../views/trust/trust.js'

/** The pinned keys of one registry. */
export interface TrustKeysResult {
  /** URL of the registry. */
  registry: string
  /** Empty after `--forget`. */
  keys: readonly PinnedKey[]
}

export default class TrustKeys extends RegistryCommand<TrustKeysResult> {
  static override readonly summary = 'List the signing keys that a registry is known by, or forget them.'

  static override readonly description = `A registry attests what is published there. Its keys are pinned when something is verified for the first time, and from then on only keys count that a pinned one has signed as its successor.

Forget them only after the registry's operator has told you, another way, that the keys were changed: the next installation pins those that it finds then.

A table on a terminal; anywhere else a line a key: its id, a tab, its status, a tab, its end.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --forget --registry https://registry.example.com',
  ]

  static override readonly auth = 'none'

  static override readonly flags = {
    forget: Flags.boolean({summary: 'Forget the keys.'}),
  }

  async run(): Promise<TrustKeysResult> {
    const {flags} = await this.parse(TrustKeys)
    const {client} = await this.connect(flags)
    const {registry} = client
    const keys = (await readTrust(this.ports.home)).registryKeys[registry] ?? []
    if (flags.forget) await pinRegistryKeys(this.ports.home, registry, () => [])
    if (keys.length === 0) this.note(`No key of ${registry} is pinned.`)
    else if (flags.forget) this.note(`Forgot the keys of ${registry}`)
    const result = {registry, keys: flags.forget ? [] : keys}
    return this.show(result, pinnedKeyList(result.keys, this.ports.stdout))
  }
}
