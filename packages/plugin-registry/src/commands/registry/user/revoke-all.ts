import {Flags} from '@oclif/core'

import {confirm} from '../../../operator/confirm.js'
import {type CreatedAccessOutcome, depart, keepOrgFlag, previewDeparture} from '../../../operator/departure.js'
import {placeFlags, userArg, yesFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {counted} from '../../../views/counted.js'
import {createdAccess, dryRunEnd, withSuspensions} from '../../../views/created-access.js'

/** The number of sessions and tokens that were revoked, and what happened to other access that the user created. */
export interface RegistryUserRevokeAllResult extends CreatedAccessOutcome {
  /** Username. */
  name: string
  /** Number of sessions that were revoked. */
  sessions: number
  /** Number of tokens that were revoked. */
  tokens: number
  /** With --dry-run: nothing was changed. */
  dryRun?: true
}

export default class RegistryUserRevokeAll extends OperatorCommand<RegistryUserRevokeAllResult> {
  static override readonly summary = 'Revoke all sessions and tokens of a user.'
  static override readonly description =
    "The user can log in again. To prevent that, run `apkg registry user disable`. Revoked tokens can't be restored, so it asks for confirmation. Without a terminal, pass --yes.\n\nTokens that the user created for organizations, and trusted publishers that the user added, are suspended, because someone else may know or control them. Admins of the organization can resume them."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    '<%= config.bin %> <%= command.id %> ada --yes',
    '<%= config.bin %> <%= command.id %> ada --dry-run',
  ]
  static override readonly args = userArg
  static override readonly flags = {
    'dry-run': Flags.boolean({
      summary: 'Show what would be revoked and suspended, and change nothing.',
      default: false,
    }),
    ...keepOrgFlag,
    ...yesFlag,
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryUserRevokeAll)
    const {name} = args
    const {'dry-run': isDryRun, 'keep-org': isKept} = flags
    const outcome = await withStore(this.place(flags), async (store) => {
      const departure = {kind: 'revoke-all', userId: (await findUser(store, name)).id} as const
      const now = this.ports.now().getTime()
      const preview = await previewDeparture(store, departure, {isKept}, now)
      if (isDryRun) return preview
      const question = `Revoke all sessions and tokens of ${name}? This cannot be undone`
      const text = withSuspensions(question, preview.access)
      await confirm(text, {isAgreed: flags.yes, action: 'Revoking all sessions and tokens'}, this.ports)
      return depart(store, departure, {isKept, reason: `All tokens of ${name} were revoked`}, now)
    })
    const {sessions, tokens, access} = outcome
    const what = `${counted(sessions, 'session')} and ${counted(tokens, 'token')} of ${name}`
    if (isDryRun) this.note([`Would revoke ${what}`, ...createdAccess(access), dryRunEnd].join('\n'))
    else this.success([`Revoked ${what}`, ...createdAccess(access)].join('\n'))
    return this.show({name, sessions, tokens, ...access, ...(isDryRun && {dryRun: true as const})}, '')
  }
}
