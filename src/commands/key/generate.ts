import {ApkgCommand, withoutEcho} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {generateKey, keyNameFrom} from '../../account/keys/generate-key.js'
import {KeyStore, type StoredKey} from '../../account/keys/key-store.js'
import {newPassphrase} from '../../account/keys/passphrase.js'
import {generatedKeyNotes} from '../../views/account/keys.js'

export default class KeyGenerate extends ApkgCommand<StoredKey> {
  static override readonly summary = 'Generate a signing key.'

  static override readonly description = `Creates an Ed25519 key in ~/.apkg/keys. Nothing is sent to a registry until you run \`apkg key register\`.

The private key is encrypted if you enter a passphrase or set APKG_KEY_PASSPHRASE. Prints only the key's ID to stdout.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --name ada@engine',
    {
      description: 'Generate a key and register it',
      command: '<%= config.bin %> key register --key "$(<%= config.bin %> <%= command.id %> --name ada@engine)"',
    },
  ]

  static override readonly flags = {
    name: Flags.string({summary: 'Name of the key. By default, you are prompted for it on a terminal.'}),
  }

  async run(): Promise<StoredKey> {
    const {flags} = await this.parse(KeyGenerate)
    const store = new KeyStore(this.ports.home)
    const {name, passphrase} = await withoutEcho(this.ports.prompts, async () => ({
      name: await keyNameFrom(flags.name, this.ports),
      passphrase: await newPassphrase(this.ports),
    }))
    const key = await generateKey(store, {name, passphrase, now: this.ports.now()})
    this.success(generatedKeyNotes(key))
    return this.show(key, key.keyId)
  }
}
