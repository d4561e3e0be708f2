import {failure, RegistryCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {KeyStore} from '../../account/keys/key-store.js'
import {revokeKey, type KeyRevocation} from '../../account/keys/revoke-key.js'
import {revokedKeyNotes} from '../../views/account/keys.js'

/** The revoked key. */
export interface KeyRevokeResult extends KeyRevocation {
  /** URL of the registry. */
  registry: string
}

export default class KeyRevoke extends RegistryCommand<KeyRevokeResult> {
  static override readonly summary = 'Revoke a registered signing key.'

  static override readonly description = `What the key signed before stays valid; what is published with it afterwards is refused by those who install it. When the registry has confirmed, the private key is removed from this machine.

A revocation cannot be taken back. To go on with another key, \`apkg key rotate\` is the way.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> SHA256:q1w2 --reason key-compromise',
    '<%= config.bin %> <%= command.id %> old-laptop --reason superseded --message "Sold"',
  ]

  static override readonly completion = {key: 'registered-key'}

  static override readonly args = {
    key: Args.string({
      description: 'Its id, the beginning of it (4 characters or more), or its name at the registry.',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    reason: Flags.option({
      summary: 'Why.',
      options: ['key-compromise', 'superseded', 'unspecified'] as const,
      required: true,
    })(),
    message: Flags.string({summary: 'A sentence for the record.'}),
    'keep-local': Flags.boolean({summary: 'Leave the private key on this machine.'}),
  }

  async run(): Promise<KeyRevokeResult> {
    const {args, flags} = await this.parse(KeyRevoke)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'revoke a signing key'})
    const {client} = await this.connect(flags)
    const {revocation, unread} = await revokeKey(client, new KeyStore(this.ports.home), args.key, {
      reason: flags.reason,
      message: flags.message,
      keepLocal: flags['keep-local'],
    })
    this.note(revokedKeyNotes(revocation))
    this.warning(...unread)
    const result = {registry: client.registry, ...revocation}
    return this.show(result, '')
  }
}
