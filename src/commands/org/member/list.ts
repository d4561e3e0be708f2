import {RegistryCommand} from '@apkg/command-kit'

import {listMembers, type Member} from '../../../account/organizations/members.js'
import {organizationArg} from '../../../entry/flags/member-args.js'
import {memberTable} from '../../../views/account/members.js'

/** The members of an organization. */
export interface OrgMemberListResult {
  /** URL of the registry. */
  registry: string
  organization: string
  /** The members, by username. */
  members: Member[]
}

export default class OrgMemberList extends RegistryCommand<OrgMemberListResult> {
  static override readonly summary = 'List the members of an organization.'

  static override readonly description = `Requires a login as a member of the organization.

On a terminal, prints a table. Otherwise, prints one member per line, with tab-separated fields: username, role.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> acme']

  static override readonly completion = {organization: 'managed-organization'}

  static override readonly args = organizationArg

  static override readonly flags = {}

  async run(): Promise<OrgMemberListResult> {
    const {args, flags} = await this.parse(OrgMemberList)
    const {organization} = args
    const {client} = await this.connect(flags)
    const members = await listMembers(client, organization)
    return this.show({registry: client.registry, organization, members}, memberTable(members, this.ports.stdout))
  }
}
