import {RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {type LeftAccess, removeMember} from '../../../account/organizations/members.js'
import {withConfirmation} from '../../../account/session/confirm.js'
import {confirmationFlags} from '../../../entry/flags/confirmation-flags.js'
import {memberArgs} from '../../../entry/flags/member-args.js'
import {removedMemberNotes} from '../../../views/account/members.js'

/** The member that was removed, and the access that the member created for the organization. */
export interface OrgMemberRemoveResult extends LeftAccess {
  /** URL of the registry. */
  registry: string
  organization: string
  /** Username. */
  user: string
}

export default class OrgMemberRemove extends RegistryCommand<OrgMemberRemoveResult> {
  static override readonly summary = 'Remove a user from an organization.'

  static override readonly description = `Requires a login as an admin of the organization, and your password if you logged in too long ago. The last admin can't be removed.

The user's own tokens lose their access to the organization immediately. Packages that the user published are kept. Tokens and trusted publishers that the user created for the organization are suspended, because the user may know or control them. Admins can resume the tokens.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> acme bob',
    '<%= config.bin %> <%= command.id %> acme bob --keep-org',
  ]

  static override readonly completion = {organization: 'managed-organization'}

  static override readonly args = memberArgs

  static override readonly flags = {
    'keep-org': Flags.boolean({
      summary: "Don't suspend the tokens and trusted publishers that the user created for the organization.",
      default: false,
    }),
    ...confirmationFlags,
  }

  async run(): Promise<OrgMemberRemoveResult> {
    const {args, flags} = await this.parse(OrgMemberRemove)
    const {client} = await this.connect(flags)
    const purpose = 'remove a member from an organization'
    const confirmable = {purpose, command: 'org member remove', argv: this.argv, flags}
    const options = {keepAccess: flags['keep-org']}
    const left = await withConfirmation(client, confirmable, this.ports, () => removeMember(client, args, options))
    this.success(removedMemberNotes(args, left))
    return this.show({registry: client.registry, ...args, ...left}, '')
  }
}
