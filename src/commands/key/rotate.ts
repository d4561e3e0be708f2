import {failure, RegistryCommand, withoutEcho} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {givenKey, keyArgument, requiredKeyFlag} from '../../entry/flags/key.js'
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
  static override readonly summary = 'Replace a signing key with a new one.'

  static override readonly description = `Generates a key and signs it with the old one, so that users who trust the old key also trust the new one. The old key is retired, and its file is kept. Prints only the new key's ID to stdout.

The new private key is encrypted if you enter a passphrase or set APKG_KEY_PASSPHRASE.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --key ada@engine',
    '<%= config.bin %> <%= command.id %> --key SHA256:q1w2 --name ada@engine-2',
  ]

  static override readonly usage = '<%= command.id %> --key <key> [FLAGS]'

  static override readonly completion = {key: 'local-key'}

  static override readonly args = {key: keyArgument}

  static override readonly flags = {
    key: requiredKeyFlag,
    name: Flags.string({summary: "Name of the new key. Defaults to the old key's name."}),
  }

  async run(): Promise<KeyRotateResult> {
    const {args, flags} = await this.parse(KeyRotate)
    const given = givenKey(args, flags)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'rotate a signing key'})
    const store = new KeyStore(this.ports.home)
    const {client} = await this.connect(flags)
    const registered = await registeredKeys(client)
    const old = await localKey(store, given, activeKeyIds(registered))
    const name = flags.name ?? old.name
    assertKeyName(name)
    assertActive(client.registry, registered, old.keyId)
    const {seed, passphrase} = await withoutEcho(this.ports.prompts, async () => ({
      seed: await unlock(old, passphraseFor(this.ports)),
      passphrase: await newPassphrase(this.ports),
    }))
    const rotation = await rotateKey(client, store, old, seed, {name, passphrase, now: this.ports.now()})
    this.success(rotatedKeyNotes(rotation))
    const result = {registry: client.registry, ...rotation}
    return this.show(result, rotation.newKeyId)
  }
}
