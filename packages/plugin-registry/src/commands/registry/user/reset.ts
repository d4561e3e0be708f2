import {linkFlag, placeFlags, userArg} from '../../../operator/flags.js'
import {type InvitationLink, resetUser} from '../../../operator/invite.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {withStore} from '../../../operator/with-store.js'
import {counted} from '../../../views/counted.js'

/** A new link for a user. No other output contains its code. */
export interface RegistryUserResetResult extends InvitationLink {
  /** Number of sessions that were revoked. */
  sessions: number
}

export default class RegistryUserReset extends OperatorCommand<RegistryUserResetResult> {
  static override readonly summary = "Reset a user's forgotten password with a link that works once."
  static override readonly description =
    "Prints a link to a page of the registry, where the user sets a new password. It works for 24 hours. The user's sessions and earlier links are revoked. MFA and API tokens are kept. The old password works until the link is used."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada --public-url https://registry.example.com',
  ]
  static override readonly args = userArg
  static override readonly flags = {...linkFlag, ...placeFlags}

  async run() {
    const {args, flags} = await this.parse(RegistryUserReset)
    const registry = flags['public-url']
    const link = await withStore(this.place(flags), (store) => resetUser(store, args.name, registry, this.ports.now()))
    const revoked = counted(link.sessions, 'session')
    this.success(`Revoked ${revoked} of ${args.name}. The link works once, for 24 hours, and is shown only now`)
    return this.show(link, link.url)
  }
}
