import {RegistryCommand, timesOn} from '@apkg/command-kit'
import {handOver, splitAtReceiver, withDestination} from '@apkg/command-kit/delivery'

import {creationFlags, creationOf} from '../../entry/flags/creation-flags.js'
import {chooseLabel} from '../../account/token/choose-label.js'
import {createConfirmed} from '../../account/token/create-confirmed.js'
import type {CreatedTokenResult} from '../../account/token/created-token-result.js'
import {type PlannedToken, planToken} from '../../account/token/planned-token.js'
import {withdrawUndelivered} from '../../account/token/withdraw-undelivered.js'
import {createdTokenNotes, plannedTokenNotes} from '../../views/account/created-token.js'

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
      command: '<%= config.bin %> <%= command.id %> --label ci --package "@acme/*" -- gh secret set APKG_TOKEN',
    },
  ]

  static override readonly usage = ['token create [FLAGS]', 'token create [FLAGS] -- <command> [<argument>...]']

  static override readonly completion = {scopes: 'token-scope', org: 'managed-organization'}

  static override readonly flags = creationFlags

  async run(): Promise<CreatedTokenResult | PlannedToken> {
    const {own, receiver} = splitAtReceiver(this.argv)
    const {flags} = await this.parse(TokenCreate, own)
    const {properties, destination} = creationOf(flags, receiver, this.ports)
    const {client} = await this.connect(flags)
    const request = async () => ({
      ...(await chooseLabel(flags.label, client, properties.organization, this.ports)),
      ...properties,
    })
    if (flags['dry-run']) {
      const {planned, lifetimeNote} = await planToken(client, await request(), this.ports.now())
      this.note(plannedTokenNotes(planned, this.ports.now(), lifetimeNote))
      return this.show(planned, '')
    }
    return withDestination(destination, this.ports, async (ready) => {
      const input = {argv: this.argv, flags}
      const {token, value, warnings, lifetimeNote} = await createConfirmed(client, await request(), input, this.ports)
      this.warning(...warnings)
      const times = timesOn(this.ports.stderr, this.ports.now())
      return handOver(value, ready, this.ports, {
        note: this.note.bind(this),
        announce: () => {
          this.success(createdTokenNotes(token, client.registry, lifetimeNote, times))
        },
        show: (fields, text) => this.show({registry: client.registry, ...token, ...fields}, text),
        withdraw: withdrawUndelivered(client, token),
      })
    })
  }
}
