import {printable} from '@apkg/command-kit'

import {withConfirmation} from '../../account/session/confirm.js'
import {addPublisher} from '../../account/trusted-publishing/add-publisher.js'
import type {TrustedPublisher} from '../../account/trusted-publishing/trusted-publisher.js'
import {RoutedCommand} from '../../entry/routed-command.js'
import {confirmationFlags} from '../../entry/flags/confirmation-flags.js'
import {
  parsePackage,
  publisherPackage,
  publisherRequestOf,
  trustedPublisherFlags,
} from '../../entry/flags/trusted-publisher-flags.js'
import {findProject} from '../../project/find-project.js'
import {readProject} from '../../project/read-project.js'
import {addedPublisherNotes} from '../../views/account/trusted-publishers.js'

/** The trusted publisher that was added. */
export interface AddedPublisher extends TrustedPublisher {
  /** URL of the registry. */
  registry: string
}

export default class TrustedPublisherAdd extends RoutedCommand<AddedPublisher> {
  static override readonly summary = 'Let the CI jobs of a project publish without a stored token.'

  static override readonly description = `The jobs identify themselves with an ID token from GitHub Actions, GitLab or another issuer. The registry exchanges it for a token that is valid for 15 minutes. That token can publish and tag this package, and read private packages of its scope.

The first job must run within 7 days, or the publisher expires. The registry then records the numeric ID of the project, so that another project with the same name can't publish later.

Prints the ID of the publisher.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --github acme/tool --workflow publish.yml',
    {
      description: 'Publish any package of a scope, including new ones',
      command: '<%= config.bin %> <%= command.id %> "@acme/*" --github acme/tools --workflow publish.yml',
    },
    '<%= config.bin %> <%= command.id %> @acme/tool --gitlab group/project',
    {
      description: 'Use another issuer, if the registry accepts it',
      command:
        '<%= config.bin %> <%= command.id %> @acme/tool --issuer https://ci.example.com --claim sub=project:tool',
    },
  ]

  static override readonly completion = {package: 'package'}

  static override readonly args = {
    package: publisherPackage('Package, or @acme/* for every package of a scope. Default: the package in apkg.json.'),
  }

  static override readonly flags = {...trustedPublisherFlags, ...confirmationFlags}

  async run(): Promise<AddedPublisher> {
    const {args, flags} = await this.parse(TrustedPublisherAdd)
    const name = args.package ?? parsePackage((await readProject(findProject(this.ports))).manifest.name)
    const request = publisherRequestOf(name, flags)
    const client = await this.connectFor(name, flags)
    const confirmable = {purpose: 'add a trusted publisher', command: 'trusted-publisher add', argv: this.argv, flags}
    const added = await withConfirmation(client, confirmable, this.ports, () => addPublisher(client, request))
    this.success(addedPublisherNotes(added, client.registry))
    return this.show({registry: client.registry, ...added}, printable(added.id))
  }
}
