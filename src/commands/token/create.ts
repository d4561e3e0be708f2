import {RegistryCommand} from '@apkg/command-kit'

import {failure} from '../../account/failures.js'
import {destinationFlags, destinationOf, splitAtReceiver} from '../../entry/flags/destination-flags.js'
import {assertTokenFlags, tokenFlags, tokenPropertiesOf} from '../../entry/flags/token-flags.js'
import {confirmationFlags} from '../../entry/flags/confirmation-flags.js'
import {chooseLabel} from '../../account/token/choose-label.js'
import {createConfirmed} from '../../account/token/create-confirmed.js'
import type {CreatedTokenResult} from '../../account/token/created-token-result.js'
import {deliverToken} from '../../account/token/deliver-token.js'
import {maskForActions} from '../../account/token/mask-for-actions.js'
import {type PlannedToken, planToken} from '../../account/token/planned-token.js'
import {withDestination} from '../../account/token/token-destination.js'
import {copyNow, createdTokenNotes, deliveryNote, plannedTokenNotes} from '../../views/account/created-token.js'

export default class TokenCreate extends RegistryCommand<CreatedTokenResult | PlannedToken> {
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

  async run(): Promise<CreatedTokenResult | PlannedToken> {
    const {own, receiver} = splitAtReceiver(this.argv)
    const {flags} = await this.parse(TokenCreate, own)
    assertTokenFlags(flags, this.ports.now())
    const destination = destinationOf(flags, receiver, this.ports)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'create an API token'})
    const {client} = await this.connect(flags)
    const request = async () => ({...(await chooseLabel(flags.label, client, this.ports)), ...tokenPropertiesOf(flags)})
    if (flags['dry-run']) {
      const {planned, lifetimeNote} = await planToken(client, await request(), this.ports.now())
      this.note(plannedTokenNotes(planned, this.ports.now(), lifetimeNote))
      return this.show(planned, '')
    }
    return withDestination(destination, this.ports, async (ready) => {
      const input = {argv: this.argv, flags}
      const {token, value, warnings, lifetimeNote} = await createConfirmed(client, await request(), input, this.ports)
      this.warning(...warnings)
      this.note(createdTokenNotes(token, client.registry, lifetimeNote))
      const result = {registry: client.registry, ...token}
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
