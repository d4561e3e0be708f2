import {destinationFlags, destinationOf, handOver, splitAtReceiver, withDestination} from '@apkg/command-kit/delivery'
import type {Delivery} from '@apkg/command-kit/delivery'

import {createToken} from '../../../operator/create-token.js'
import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {ownedTokenFlags} from '../../../operator/owned-token-flags.js'
import type {OwnedTokenSummary} from '../../../operator/owned-token.js'
import {policyExpiry} from '../../../views/policy-expiry.js'
import {withStore} from '../../../operator/with-store.js'
import {withdrawUndelivered} from '../../../operator/withdraw-undelivered.js'

/** The new token. No other output contains its value. */
export interface RegistryTokenCreateResult extends OwnedTokenSummary, Delivery {
  /** The value. It can't be retrieved again. Absent with --out, and with a command after `--`. */
  token?: string
}

export default class RegistryTokenCreate extends OperatorCommand<RegistryTokenCreateResult> {
  static override readonly summary = 'Create an API token for a user, such as a bot.'
  static override readonly description =
    'Prints only the value to stdout and everything else to stderr. With --out, the value goes to a file instead. With a command after `--`, it goes to the stdin of that command, which runs without a shell. If the value cannot be delivered, the token is revoked.\n\nOnly the user can create a token that is limited to a release, to addresses or to a number of uses, with `apkg token create`.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --user ci-bot --label ci --scopes publish --expires 90d',
    '<%= config.bin %> <%= command.id %> --user ci-bot --label ci --out apkg-token',
  ]
  static override readonly usage = [
    'registry token create [FLAGS]',
    'registry token create [FLAGS] -- <command> [<argument>...]',
  ]
  static override readonly flags = {...ownedTokenFlags, ...destinationFlags, ...placeFlags}

  async run(): Promise<RegistryTokenCreateResult> {
    const {own, receiver} = splitAtReceiver(this.argv)
    const {flags} = await this.parse(RegistryTokenCreate, own)
    const {user, label: name, note, scopes: asked, expires: expiresIn, package: packages} = flags
    const request = {
      ...{name, ...(note !== undefined && {note}), ...(asked && {scopes: asked})},
      ...{...(expiresIn !== undefined && {expiresIn}), ...(packages && {packageScope: packages.join(',')})},
    }
    const destination = destinationOf(flags, receiver, this.ports)
    return withDestination(destination, this.ports, async (ready) =>
      withStore(this.place(flags), async (store) => {
        const {token, value} = await createToken(store, user, request, this.ports.now())
        return handOver(value, ready, this.ports, {
          note: this.note.bind(this),
          announce: () => {
            this.success(`Created token ${token.label} (${token.id}) of ${user}`)
            const {expiresAt} = token
            if (expiresIn === undefined && expiresAt !== null) this.note(policyExpiry(expiresAt, this.ports))
          },
          show: (fields, text) => this.show({...token, ...fields}, text),
          withdraw: withdrawUndelivered(store, token, this.ports.now),
        })
      }),
    )
  }
}
