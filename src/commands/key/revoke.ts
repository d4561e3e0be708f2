import {failure, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {givenKey, keyArgument, requiredKeyFlag} from '../../entry/flags/key.js'
import {KeyStore} from '../../account/keys/key-store.js'
import {confirmRevocation, revokeKey, type KeyRevocation} from '../../account/keys/revoke-key.js'
import {revocationQuestion, revokedKeyNotes} from '../../views/account/keys.js'

/** The revoked key. */
export interface KeyRevokeResult extends KeyRevocation {
  /** URL of the registry. */
  registry: string
}

export default class KeyRevoke extends RegistryCommand<KeyRevokeResult> {
  static override readonly summary = 'Revoke a registered signing key.'

  static override readonly description = `Packages that the key has already signed stay valid, unless you pass \`--reason key-compromise\`. Then installing or verifying them fails, unless the user accepts the key. Packages signed with it later are always refused. Once the registry confirms, the private key is removed from this machine.

This can't be undone, so it asks for confirmation. Without a terminal, pass --yes. To replace a key, run \`apkg key rotate\`.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --key SHA256:q1w2 --reason key-compromise',
    '<%= config.bin %> <%= command.id %> --key old-laptop --reason superseded --message "Sold" --yes',
  ]

  static override readonly usage = '<%= command.id %> --key <key> --reason <reason> [FLAGS]'

  static override readonly completion = {key: 'registered-key'}

  static override readonly args = {key: keyArgument}

  static override readonly flags = {
    key: requiredKeyFlag,
    reason: Flags.option({
      summary: 'Reason for the revocation.',
      options: ['key-compromise', 'superseded', 'unspecified'] as const,
      required: true,
    })(),
    message: Flags.string({summary: 'Comment to store with the revocation.'}),
    yes: Flags.boolean({char: 'y', summary: 'Skip the confirmation. Required without a terminal.'}),
    'keep-local': Flags.boolean({summary: 'Keep the private key on this machine.'}),
  }

  async run(): Promise<KeyRevokeResult> {
    const {args, flags} = await this.parse(KeyRevoke)
    const given = givenKey(args, flags)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'revoke a signing key'})
    const {client} = await this.connect(flags)
    const keepLocal = flags['keep-local']
    const confirm = confirmRevocation(flags.yes, this.ports, (key) =>
      revocationQuestion({...key, registry: client.registry, keepLocal}),
    )
    const request = {reason: flags.reason, message: flags.message, keepLocal}
    const {revocation, unread} = await revokeKey(client, new KeyStore(this.ports.home), given, request, confirm)
    this.success(revokedKeyNotes(revocation))
    this.warning(...unread)
    const result = {registry: client.registry, ...revocation}
    return this.show(result, '')
  }
}
