import {type CreatedAccessOutcome, depart, keepOrgFlag} from '../../../operator/departure.js'
import {placeFlags, userArg} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {createdAccess} from '../../../views/created-access.js'

/** The user that was disabled. */
export interface RegistryUserDisableResult extends CreatedAccessOutcome {
  /** Username. */
  name: string
  disabled: true
}

export default class RegistryUserDisable extends OperatorCommand<RegistryUserDisableResult> {
  static override readonly summary = 'Disable a user.'
  static override readonly description =
    "The user can't log in, and the user's sessions and tokens are rejected, until you enable the user again. The change takes effect immediately.\n\nTokens and trusted publishers that the user created for organizations are suspended, because the user may know or control them. They stay suspended until admins of the organization resume them."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    '<%= config.bin %> <%= command.id %> ada --keep-org',
  ]
  static override readonly args = userArg
  static override readonly flags = {...keepOrgFlag, ...placeFlags}

  async run() {
    const {args, flags} = await this.parse(RegistryUserDisable)
    const {name} = args
    const options = {isKept: flags['keep-org'], reason: `${name} was disabled`}
    const {access} = await withStore(this.place(flags), async (store) => {
      const departure = {kind: 'disable', userId: (await findUser(store, name)).id} as const
      return depart(store, departure, options, this.ports.now().getTime())
    })
    this.success([`Disabled ${name}. Sessions and tokens are now rejected`, ...createdAccess(access)].join('\n'))
    return this.show({name, disabled: true, ...access}, '')
  }
}
