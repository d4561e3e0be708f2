import {Flags} from '@oclif/core'

import {emailFlag, linkFlag, newUserArg, placeFlags} from '../../operator/flags.js'
import {invite, type InvitationLink} from '../../operator/invite.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {withStore} from '../../operator/with-store.js'
import {roles} from '../../server/store/store.js'

export default class RegistryInvite extends OperatorCommand<InvitationLink> {
  static override readonly summary = 'Invite a user with a link that works once.'
  static override readonly description =
    'Prints a link to a page of the registry, where the person sets a password. It works for 72 hours. Whoever opens it first becomes the user, so send it over a channel you trust.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada --email ada@example.com --public-url https://registry.example.com',
    '<%= config.bin %> <%= command.id %> ada --email ada@example.com --org acme --role publisher --public-url https://registry.example.com',
  ]
  static override readonly args = newUserArg
  static override readonly flags = {
    ...emailFlag,
    org: Flags.string({summary: 'Add the user to this organization.'}),
    role: Flags.option({summary: 'Role in the organization.', options: roles, default: 'reader'})(),
    ...linkFlag,
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryInvite)
    const {email, org, role, 'public-url': registry} = flags
    const user = {name: args.name, email, org, role}
    const link = await withStore(this.place(flags), (store) => invite(store, user, registry, this.ports.now()))
    this.success(`Invited ${args.name}. The link works once, for 72 hours, and is shown only now`)
    return this.show(link, link.url)
  }
}
