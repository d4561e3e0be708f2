import {ApkgCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {generateKey, keyNameFrom} from '../../account/keys/generate-key.js'
import {KeyStore, type StoredKey} from '../../account/keys/key-store.js'
import {newPassphrase} from '../../account/keys/passphrase.js'
import {generatedKeyNotes} from '../../views/account/keys.js'

export default class KeyGenerate extends ApkgCommand<StoredKey> {
  static override readonly summary = 'Make a key to sign packages with, on this machine.'

  static override readonly description = `Makes an Ed25519 key in ~/.apkg/keys. No registry hears of it before \`apkg key register\`.

A terminal asks for a passphrase; elsewhere APKG_KEY_PASSPHRASE has it. Without one the private key is readable by whoever can read your files. The key's id alone goes to stdout.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --name ada@engine',
    {
      description: 'Make a key and register it:',
      command: '<%= config.bin %> key register --key-id "$(<%= config.bin %> <%= command.id %> --name ada@engine)"',
    },
  ]

  static override readonly flags = {
    name: Flags.string({summary: 'What to call it. A terminal asks where this is left out.'}),
  }

  async run(): Promise<StoredKey> {
    const {flags} = await this.parse(KeyGenerate)
    const store = new KeyStore(this.ports.home)
    const name = await keyNameFrom(flags.name, this.ports)
    const passphrase = await newPassphrase(this.ports)
    const key = await generateKey(store, {name, passphrase, now: this.ports.now()})
    this.note(generatedKeyNotes(key))
    return this.show(key, key.keyId)
  }
}
