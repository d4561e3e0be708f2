import {Flags} from '@oclif/core'

import {withConfirmation} from '../../account/session/confirm.js'
import {requirePublishing, type PublishingRequirement} from '../../account/trusted-publishing/require-publishing.js'
import {confirmationFlags} from '../../entry/flags/confirmation-flags.js'
import {scopePattern} from '../../entry/flags/trusted-publisher-flags.js'
import {RoutedCommand} from '../../entry/routed-command.js'
import {requiredNote} from '../../views/account/trusted-publishers.js'

/** The requirement that was set or removed. */
export interface RequirementResult extends PublishingRequirement {
  /** URL of the registry. */
  registry: string
}

export default class TrustedPublisherRequire extends RoutedCommand<RequirementResult> {
  static override readonly summary = 'Let only trusted publishers change the packages of a scope.'

  static override readonly description =
    'After that, no one can publish, tag or deprecate packages of the scope with a login or an API token. Add a trusted publisher for each package first.'

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> "@acme/*"',
    '<%= config.bin %> <%= command.id %> "@acme/*" --undo',
  ]

  static override readonly args = {scope: scopePattern}

  static override readonly flags = {
    undo: Flags.boolean({summary: 'Allow logins and API tokens again.'}),
    ...confirmationFlags,
  }

  async run(): Promise<RequirementResult> {
    const {args, flags} = await this.parse(TrustedPublisherRequire)
    const wanted = {package: args.scope, required: !flags.undo}
    const client = await this.connectFor(args.scope, flags)
    const purpose = 'change who can publish'
    const confirmable = {purpose, command: 'trusted-publisher require', argv: this.argv, flags}
    await withConfirmation(client, confirmable, this.ports, () => requirePublishing(client, wanted))
    this.success(requiredNote(wanted))
    return this.show({registry: client.registry, ...wanted}, '')
  }
}
