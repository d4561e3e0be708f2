import {RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {KeyStore, type StoredKey} from '../../account/keys/key-store.js'
import {registeredKeys} from '../../account/keys/registered-key.js'
import {localKeyList, registeredKeyList, type ListedKey} from '../../views/account/keys.js'

/** The keys that are registered with the registry. */
export interface RegisteredKeyList {
  /** URL of the registry. */
  registry: string
  /** Your registered keys. */
  keys: ListedKey[]
}

/** The keys on this machine, with `--local`. */
export interface LocalKeyList {
  registry: null
  /** The keys on this machine, registered or not. */
  keys: StoredKey[]
}

export default class KeyList extends RegistryCommand<RegisteredKeyList | LocalKeyList> {
  static override readonly summary = 'List your signing keys.'

  static override readonly description = `Lists the keys that you have registered, and whether their private keys are on this machine.

On a terminal, prints a table. Otherwise, prints one key per line, with tab-separated fields: ID, name, status, \`local\` or \`-\`, creation. With --local: ID, name, \`passphrase\` or \`none\`, creation.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --local --json',
  ]

  static override readonly flags = {
    local: Flags.boolean({summary: 'List the keys on this machine instead, registered or not. Works offline.'}),
  }

  async run(): Promise<RegisteredKeyList | LocalKeyList> {
    const {flags} = await this.parse(KeyList)
    const local = await new KeyStore(this.ports.home).listAll()
    this.warning(...local.unusable.map(({message}) => message))
    if (flags.local) {
      const result = {registry: null, keys: local.keys}
      if (local.keys.length === 0) this.note('No local keys found. To generate one, run `apkg key generate`.')
      return this.show(result, localKeyList(local.keys, this.ports.stdout, this.ports.now()))
    }
    const {client} = await this.connect(flags)
    const ids = new Set(local.keys.map(({keyId}) => keyId))
    const keys = (await registeredKeys(client)).map((key) => ({...key, isLocal: ids.has(key.keyId)}))
    const result = {registry: client.registry, keys}
    if (keys.length === 0)
      this.note('No registered keys. To create one, run `apkg key generate`, then `apkg key register`.')
    return this.show(result, registeredKeyList(keys, this.ports.stdout, this.ports.now()))
  }
}
