import {Flags} from '@oclif/core'

import {placeFlags, memberArgs} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findOrganization, findUser, withStore} from '../../../operator/with-store.js'
import {operator, type Role, roles} from '../../../server/store/store.js'

/** The member that was added. */
export interface RegistryOrgAddResult {
  organization: string
  /** Username. */
  user: string
  role: Role
}

export default class RegistryOrgAdd extends OperatorCommand<RegistryOrgAddResult> {
  static override readonly summary = "Add a user to an organization, or change a member's role."
  static override readonly description =
    'Readers can install private packages of the organization. Publishers can also publish, tag and deprecate packages. Admins can also manage its members, tokens and trusted publishers. The change takes effect immediately.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> acme ada --role publisher',
    '<%= config.bin %> <%= command.id %> acme bob',
  ]
  static override readonly args = memberArgs
  static override readonly flags = {
    role: Flags.option({summary: "Set the member's role.", options: roles, default: 'reader'})(),
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryOrgAdd)
    const {organization, user} = args
    const {role} = flags
    const outcome = await withStore(this.place(flags), async (store) => {
      const member = {
        organizationId: (await findOrganization(store, organization)).id,
        userId: (await findUser(store, user)).id,
        role,
      }
      return store.organizations.setMember(member, operator, this.ports.now().getTime())
    })
    this.success(
      `${user} is ${outcome === 'unchanged' ? 'already' : 'now'} ${role === 'admin' ? 'an' : 'a'} ${role} of ${organization}`,
    )
    return this.show({organization, user, role}, '')
  }
}
