import {printable, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {keyFormat} from '../../entry/flags/key.js'
import {assertKeyName} from '../../account/keys/key-name.js'
import {KeyStore, type StoredKey} from '../../account/keys/key-store.js'
import {canUnlock, passphraseFor} from '../../account/keys/passphrase.js'
import {keyToRegister, registerKey, type Registration} from '../../account/keys/register-key.js'
import {registeredKeys} from '../../account/keys/registered-key.js'
import {unlock} from '../../account/keys/unlock.js'
import {unprovenKeyWarning} from '../../views/account/keys.js'

/** The registered key. */
export interface KeyRegisterResult extends Registration {
  /** URL of the registry. */
  registry: string
}

export default class KeyRegister extends RegistryCommand<KeyRegisterResult> {
  static override readonly summary = 'Register a signing key with the registry.'

  static override readonly description = `Sends the public key, and a signature that proves that you hold the private one, which stays on this machine. If the key has a passphrase, apkg takes it from APKG_KEY_PASSPHRASE or prompts for it. Without the passphrase, the key is registered without proof of possession. A key that is already registered is left unchanged.

Without --key, registers the only local key that isn't registered yet. If there are several, you can pick one on a terminal.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --key ada@engine --name laptop',
  ]

  static override readonly completion = {key: 'local-key'}

  static override readonly flags = {
    name: Flags.string({summary: 'Name of the key in the registry. Defaults to its local name.'}),
    key: Flags.string({...keyFormat, aliases: ['key-id']}),
  }

  async run(): Promise<KeyRegisterResult> {
    const {flags} = await this.parse(KeyRegister)
    const {client} = await this.connect(flags)
    const known = await registeredKeys(client)
    const key = await keyToRegister(new KeyStore(this.ports.home), flags.key, known, this.ports)
    const name = flags.name ?? key.name
    assertKeyName(name)
    const canProve = canUnlock(key, this.ports)
    const seedOf = async (local: StoredKey) => (canProve ? unlock(local, passphraseFor(this.ports)) : undefined)
    const result = {registry: client.registry, ...(await registerKey(client, known, {key, name}, seedOf))}
    const outcome = result.status === 'present' ? 'Already registered' : 'Registered signing key'
    this.success(`${outcome}: ${printable(result.name)}`)
    if (result.status === 'registered' && !canProve) this.warning(unprovenKeyWarning)
    return this.show(result, printable(result.keyId))
  }
}
