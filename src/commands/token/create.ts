import {RegistryCommand} from '@apkg/command-kit'

import {failure} from '../../account/failures.js'
import {destinationFlags, destinationOf, splitAtReceiver} from '../../entry/flags/destination-flags.js'
import {assertTokenFlags, tokenFlags} from '../../entry/flags/token-flags.js'
import {confirmationFlags} from '../../entry/flags/confirmation-flags.js'
import {createConfirmed} from '../../account/token/create-confirmed.js'
import {deliverToken} from '../../account/token/deliver-token.js'
import {maskForActions} from '../../account/token/mask-for-actions.js'
import type {Token} from '../../account/token/token.js'
import {withDestination, type Delivery} from '../../account/token/token-destination.js'
import {copyNow, createdTokenNotes, deliveryNote} from '../../views/account/created-token.js'

/** The new token. No other output contains its value. */
export interface CreatedTokenResult extends Omit<Token, 'lastUsedAt'>, Delivery {
  /** URL of the registry. */
  registry: string
  /** The token's value. It can't be retrieved again. Absent with --out, and with a command after `--`. */
  token?: string
}

export default class TokenCreate extends RegistryCommand<CreatedTokenResult> {
  static override readonly summary = 'Create an API token for CI or a script.'

  static override readonly description = `Prints only the token to stdout and everything else to stderr. The registry stores only a hash, so the token can't be shown again. With --out, the token goes to a file instead. With a command after \`--\`, it goes to the stdin of that command, which runs without a shell.

If the token can't be delivered, for example because the command fails, it is revoked.

If your last login was too long ago for the registry, you are asked to confirm your password.

A token doesn't expire unless you set --expires, or the registry requires an expiry.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --label ci-deploy',
    '<%= config.bin %> <%= command.id %> --label server --expires 90d --out apkg-token',
    {
      description: 'Create a token for one scope, and store it in GitHub Actions without printing it',
      command:
        '<%= config.bin %> <%= command.id %> --label ci --package-scope "@acme/*" --expires 90d -- gh secret set APKG_TOKEN',
    },
  ]

  static override readonly usage = ['token create [FLAGS]', 'token create [FLAGS] -- <command> [<argument>...]']

  static override readonly completion = {scopes: 'token-scope'}

  static override readonly flags = {...tokenFlags, ...destinationFlags, ...confirmationFlags}

  async run(): Promise<CreatedTokenResult> {
    const {own, receiver} = splitAtReceiver(this.argv)
    const {flags} = await this.parse(TokenCreate, own)
    assertTokenFlags(flags, this.ports.now())
    const destination = destinationOf(flags, receiver, this.ports)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'create an API token'})
    const {client} = await this.connect(flags)
    return withDestination(destination, this.ports, async (ready) => {
      const created = await createConfirmed(client, flags, this.argv, this.ports)
      const {token, value, warnings, lifetimeNote} = created
      this.warning(...warnings)
      this.note(createdTokenNotes(token, client.registry, lifetimeNote))
      const {lastUsedAt: _, ...result} = {registry: client.registry, ...token}
      if (!ready) {
        this.note([...maskForActions(value, this.ports), copyNow].join('\n'))
        return deliverToken(client, token, this.ports, () => this.show({...result, token: value}, value))
      }
      const delivery = await deliverToken(client, token, this.ports, () => ready.deliver(value))
      this.note(deliveryNote(delivery))
      return this.show({...result, ...delivery}, '')
    })
  }
}
