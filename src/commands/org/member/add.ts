import {RegistryCommand} from '@apkg/command-kit'
import {organizationRoles} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {type Member, setMember} from '../../../account/organizations/members.js'
import {withConfirmation} from '../../../account/session/confirm.js'
import {confirmationFlags} from '../../../entry/flags/confirmation-flags.js'
import {memberArgs} from '../../../entry/flags/member-args.js'
import {memberNote} from '../../../views/account/members.js'

/** The member, with the role. */
export interface OrgMemberAddResult extends Member {
  /** URL of the registry. */
  registry: string
  organization: string
}

export default class OrgMemberAdd extends RegistryCommand<OrgMemberAddResult> {
  static override readonly summary = "Add a user to an organization, or change a member's role."

  static override readonly description = `Requires a login as an admin of the organization, and your password if you logged in too long ago.

Readers can install private packages of the organization. Publishers can also publish, tag and deprecate packages. Admins can also manage its members, tokens and trusted publishers. The change takes effect immediately. The last admin keeps that role.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> acme bob',
    '<%= config.bin %> <%= command.id %> acme bob --role publisher',
  ]

  static override readonly completion = {organization: 'managed-organization'}

  static override readonly args = memberArgs

  static override readonly flags = {
    role: Flags.option({summary: "Set the member's role.", options: organizationRoles, default: 'reader'})(),
    ...confirmationFlags,
  }

  async run(): Promise<OrgMemberAddResult> {
    const {args, flags} = await this.parse(OrgMemberAdd)
    const member = {...args, role: flags.role}
    const {client} = await this.connect(flags)
    const purpose = 'add a member to an organization'
    const confirmable = {purpose, command: 'org member add', argv: this.argv, flags}
    const outcome = await withConfirmation(client, confirmable, this.ports, () => setMember(client, member))
    this.success(memberNote(member, outcome))
    return this.show({registry: client.registry, ...member}, '')
  }
}
