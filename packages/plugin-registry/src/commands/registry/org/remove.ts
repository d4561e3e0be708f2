import {type CreatedAccessOutcome, depart, keepOrgFlag} from '../../../operator/departure.js'
import {failure} from '../../../operator/failures.js'
import {placeFlags, memberArgs} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findOrganization, findUser, withStore} from '../../../operator/with-store.js'
import {createdAccess} from '../../../views/created-access.js'

/** The member that was removed. */
export interface RegistryOrgRemoveResult extends CreatedAccessOutcome {
  organization: string
  /** Username. */
  user: string
}

export default class RegistryOrgRemove extends OperatorCommand<RegistryOrgRemoveResult> {
  static override readonly summary = 'Remove a user from an organization.'
  static override readonly description =
    'The change takes effect immediately. Packages that the user published are kept.\n\nTokens and trusted publishers that the user created for the organization are suspended, because the user may know or control them. Admins of the organization can resume them.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> acme ada',
    '<%= config.bin %> <%= command.id %> acme ada --keep-org',
  ]
  static override readonly args = memberArgs
  static override readonly flags = {...keepOrgFlag, ...placeFlags}

  async run() {
    const {args, flags} = await this.parse(RegistryOrgRemove)
    const {organization, user} = args
    const options = {isKept: flags['keep-org'], reason: `${user} was removed from ${organization}`}
    const {access} = await withStore(this.place(flags), async (store) => {
      const organizationId = (await findOrganization(store, organization)).id
      const userId = (await findUser(store, user)).id
      const now = this.ports.now().getTime()
      const outcome = await depart(store, {kind: 'leave', organizationId, userId}, options, now)
      if (outcome.isAbsent) throw failure('ORG_MEMBER_NOT_FOUND', {organization, user})
      return outcome
    })
    this.success([`${user} is no longer a member of ${organization}`, ...createdAccess(access)].join('\n'))
    return this.show({organization, user, ...access}, '')
  }
}
