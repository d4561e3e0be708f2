import {failure, RegistryCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {localKey} from '../../account/keys/choose-key.js'
import {assertKeyName} from '../../account/keys/key-name.js'
import {KeyStore} from '../../account/keys/key-store.js'
import {newPassphrase, passphraseFor} from '../../account/keys/passphrase.js'
import {activeKeyIds, assertActive, registeredKeys} from '../../account/keys/registered-key.js'
import {rotateKey, type KeyRotation} from '../../account/keys/rotate-key.js'
import {unlock} from '../../account/keys/unlock.js'
import {rotatedKeyNotes} from '../../views/account/keys.js'

/** The old key and the new key. */
export interface KeyRotateResult extends KeyRotation {
  /** URL of the registry. */
  registry: string
}

export default class KeyRotate extends RegistryCommand<KeyRotateResult> {
  static override readonly summary = 'Put a new signing key in the place of one.'

  static override readonly description = `Makes a key and has the old one sign it, so that those who know the old one go on without a question. The new key is on disk before the registry hears of it; the old one is retired, and its file stays. The new key's id alone goes to stdout.

A passphrase for the new key is asked for as by \`apkg key generate\`.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada@engine',
    '<%= config.bin %> <%= command.id %> SHA256:q1w2 --name ada@engine-2',
  ]

  static override readonly completion = {key: 'local-key'}

  static override readonly args = {
    key: Args.string({
      description: 'The old key: its id, the beginning of it (4 characters or more), or its name.',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    name: Flags.string({summary: "What to call the new key, instead of the old one's name."}),
  }

  async run(): Promise<KeyRotateResult> {
    const {args, flags} = await this.parse(KeyRotate)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'rotate a signing key'})
    const store = new KeyStore(this.ports.home)
    const {client} = await this.connect(flags)
    const registered = await registeredKeys(client)
    const old = await localKey(store, args.key, activeKeyIds(registered))
    const name = flags.name ?? old.name
    assertKeyName(name)
    assertActive(client.registry, registered, old.keyId)
    const seed = await unlock(old, passphraseFor(this.ports))
    const passphrase = await newPassphrase(this.ports)
    const rotation = await rotateKey(client, store, old, seed, {name, passphrase, now: this.ports.now()})
    this.note(rotatedKeyNotes(rotation))
    const result = {registry: client.registry, ...rotation}
    return this.show(result, rotation.newKeyId)
  }
}
