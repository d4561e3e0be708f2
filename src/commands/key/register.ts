import {printable, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {assertKeyName} from '../../account/keys/key-name.js'
import {KeyStore} from '../../account/keys/key-store.js'
import {keyToRegister, registerKey, type Registration} from '../../account/keys/register-key.js'
import {registeredKeys} from '../../account/keys/registered-key.js'

/** The registered key. */
export interface KeyRegisterResult extends Registration {
  /** URL of the registry. */
  registry: string
}

export default class KeyRegister extends RegistryCommand<KeyRegisterResult> {
  static override readonly summary = 'Tell the registry a key that you sign packages with.'

  static override readonly description = `Sends the public half of a key of this machine; the private half stays here. A key that is registered for you already is left as it is.

Without --key-id the only key is taken that the registry does not know; of several, a terminal lets you pick one.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --key-id ada@engine --name laptop',
  ]

  static override readonly completion = {'key-id': 'local-key'}

  static override readonly flags = {
    name: Flags.string({summary: 'What the registry shall call it, instead of its name here.'}),
    'key-id': Flags.string({summary: 'Its id, the beginning of it (4 characters or more), or its name.'}),
  }

  async run(): Promise<KeyRegisterResult> {
    const {flags} = await this.parse(KeyRegister)
    const {client} = await this.connect(flags)
    const known = await registeredKeys(client)
    const key = await keyToRegister(new KeyStore(this.ports.home), flags['key-id'], known, this.ports)
    const name = flags.name ?? key.name
    assertKeyName(name)
    const result = {registry: client.registry, ...(await registerKey(client, known, key, name))}
    const outcome = result.status === 'present' ? 'Registered before' : 'Registered signing key'
    this.note(`${outcome}: ${printable(result.name)}`)
    return this.show(result, printable(result.keyId))
  }
}
