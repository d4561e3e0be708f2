import {confirm} from '../../../operator/confirm.js'
import {type CreatedAccessOutcome, depart, keepOrgFlag, previewDeparture} from '../../../operator/departure.js'
import {placeFlags, userArg, yesFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {createdAccess, withSuspensions} from '../../../views/created-access.js'

/** The user that was removed. */
export interface RegistryUserRemoveResult extends CreatedAccessOutcome {
  /** Username. */
  name: string
  removed: true
}

export default class RegistryUserRemove extends OperatorCommand<RegistryUserRemoveResult> {
  static override readonly summary = 'Remove a user permanently.'
  static override readonly description =
    "All sessions and tokens of the user are revoked. The username is never reused, so no one can impersonate the user. This can't be undone, so it asks for confirmation. Without a terminal, pass --yes.\n\nTokens and trusted publishers that the user created for organizations are suspended, because the user may know or control them. Admins of the organization can resume them."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    '<%= config.bin %> <%= command.id %> ada --yes',
    '<%= config.bin %> <%= command.id %> ada --keep-org',
  ]
  static override readonly args = userArg
  static override readonly flags = {...keepOrgFlag, ...yesFlag, ...placeFlags}

  async run() {
    const {args, flags} = await this.parse(RegistryUserRemove)
    const {name} = args
    const options = {isKept: flags['keep-org'], reason: `${name} was removed from the registry`}
    const access = await withStore(this.place(flags), async (store) => {
      const departure = {kind: 'remove', userId: (await findUser(store, name)).id} as const
      const now = this.ports.now().getTime()
      const preview = await previewDeparture(store, departure, options, now)
      const question = `Remove ${name}, and revoke all sessions and tokens? This cannot be undone, and the name can never be used again`
      const text = withSuspensions(question, preview.access)
      await confirm(text, {isAgreed: flags.yes, action: 'Removing the user'}, this.ports)
      return (await depart(store, departure, options, now)).access
    })
    this.success([`Removed ${name} and revoked all sessions and tokens`, ...createdAccess(access)].join('\n'))
    return this.show({name, removed: true, ...access}, '')
  }
}
