import {printable} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {withConfirmation} from '../../account/session/confirm.js'
import {removePublisher} from '../../account/trusted-publishing/remove-publisher.js'
import {confirmationFlags} from '../../entry/flags/confirmation-flags.js'
import {publisherPackage} from '../../entry/flags/trusted-publisher-flags.js'
import {RoutedCommand} from '../../entry/routed-command.js'

/** The trusted publisher that was removed. */
export interface RemovedPublisher {
  /** URL of the registry. */
  registry: string
  id: string
}

export default class TrustedPublisherRemove extends RoutedCommand<RemovedPublisher> {
  static override readonly summary = 'Remove a trusted publisher.'

  static override readonly description =
    'Tokens of running jobs stop working immediately. Published versions are not affected.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> 7k3f9q2mzx5w8d1c']

  static override readonly completion = {id: 'trusted-publisher', package: 'package'}

  static override readonly args = {
    id: Args.string({
      description: 'ID from `apkg trusted-publisher list`.',
      required: true,
      ignoreStdin: true,
    }),
    package: publisherPackage(
      'Package or scope that it can publish, to find its registry. Default: the package in apkg.json.',
    ),
  }

  static override readonly flags = confirmationFlags

  async run(): Promise<RemovedPublisher> {
    const {args, flags} = await this.parse(TrustedPublisherRemove)
    const {id} = args
    const client = await this.connectForOwn(args.package, flags)
    const purpose = 'remove a trusted publisher'
    const confirmable = {purpose, command: 'trusted-publisher remove', argv: this.argv, flags}
    await withConfirmation(client, confirmable, this.ports, () => removePublisher(client, id))
    this.success(`Removed trusted publisher ${printable(id)}`)
    return this.show({registry: client.registry, id}, '')
  }
}
