import {failure} from '../../../operator/failures.js'
import {dataFlag, memberArgs} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findOrganization, findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The member that was removed. */
export interface RegistryOrgRemoveResult {
  organization: string
  /** Username. */
  user: string
}

export default class RegistryOrgRemove extends OperatorCommand<RegistryOrgRemoveResult> {
  static override readonly summary = 'Remove a user from an organization.'
  static override readonly description =
    'The change takes effect immediately. Packages that the user published are kept.'
  static override readonly examples = ['<%= config.bin %> <%= command.id %> acme ada']
  static override readonly args = memberArgs
  static override readonly flags = dataFlag

  async run() {
    const {args, flags} = await this.parse(RegistryOrgRemove)
    const {organization, user} = args
    await withStore({data: flags.data, ports: this.ports}, async (store) => {
      const organizationId = (await findOrganization(store, organization)).id
      const userId = (await findUser(store, user)).id
      const now = this.ports.now().getTime()
      const outcome = await store.organizations.removeMember({organizationId, userId}, operator, now)
      if (outcome === 'absent') throw failure('ORG_MEMBER_NOT_FOUND', {organization, user})
    })
    this.note(`${user} is no longer a member of ${organization}`)
    return this.show({organization, user}, '')
  }
}
