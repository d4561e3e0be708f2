import {Args} from '@oclif/core'

import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {listOrganizations, type OrganizationSummary} from '../../../operator/organization-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {organizationList} from '../../../views/organization-list.js'

/** The organizations and their members. */
export interface RegistryOrgListResult {
  /** The organizations. */
  organizations: OrganizationSummary[]
}

export default class RegistryOrgList extends OperatorCommand<RegistryOrgListResult> {
  static override readonly summary = 'List the organizations of a registry, with their members and roles.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> acme --json',
  ]
  static override readonly args = {
    organization: Args.string({description: 'Show only this organization.', ignoreStdin: true}),
  }
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryOrgList)
    const organizations = await withStore(this.place(flags), (store) => listOrganizations(store, args.organization))
    if (organizations.length === 0) this.note('No organizations')
    return this.show({organizations}, organizationList(organizations, this.ports.stdout))
  }
}
