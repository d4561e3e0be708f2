import {exitCodes} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {assertOneSelection} from '../../../operator/change-tokens.js'
import {placeFlags, yesFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {resumeTokens, type SuspendedTokenSummary} from '../../../operator/suspended-tokens.js'
import {tokenPropertyFlags} from '../../../operator/token-filters.js'
import {withStore} from '../../../operator/with-store.js'
import {counted} from '../../../views/counted.js'
import {notSuspendedTokens, suspendedTokens} from '../../../views/suspended-tokens.js'

/** The tokens that were resumed. */
export interface RegistryTokenResumeResult {
  /** The resumed tokens, or those that would be resumed without --dry-run. */
  tokens: SuspendedTokenSummary[]
  /** The IDs that match no token that you, a policy or a restore suspended. */
  notSuspended: string[]
  /** With --dry-run: nothing was changed. */
  dryRun?: true
}

export default class RegistryTokenResume extends OperatorCommand<RegistryTokenResumeResult> {
  static override readonly summary = 'Resume tokens that you or a restore suspended.'
  static override readonly description =
    "After a restore, don't resume tokens that were revoked after the backup was made. Use filters and --all only if you know that there are none. They ask for confirmation; without a terminal, pass --yes."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> 6wq8qsx01jyf3rt8',
    '<%= config.bin %> <%= command.id %> --user ada --dry-run',
    '<%= config.bin %> <%= command.id %> --all --yes --data /var/lib/apkg-registry/data',
  ]
  static override readonly args = {
    ids: Args.string({description: 'IDs of the tokens to resume.', multiple: true, ignoreStdin: true}),
  }
  static override readonly flags = {
    ...tokenPropertyFlags,
    all: Flags.boolean({summary: 'Select all suspended tokens.', default: false, helpGroup: 'FILTER'}),
    'dry-run': Flags.boolean({summary: 'List the tokens without resuming them.', default: false}),
    ...yesFlag,
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTokenResume)
    const {'dry-run': isDryRun} = flags
    const selection = {ids: args.ids ?? [], flags}
    assertOneSelection('resume', selection.ids, flags)
    const resumption = await withStore(this.place(flags), (store) => resumeTokens(store, selection, this.ports))
    const {tokens, notSuspended} = resumption
    const result = {...resumption, ...(isDryRun && {dryRun: true as const})}
    await this.show(result, suspendedTokens(tokens, this.ports.stdout, this.ports.now()))
    if (isDryRun) this.note(`Would resume ${counted(tokens.length, 'token')}. Dry run: nothing was changed.`)
    else this.success(`Resumed ${counted(tokens.length, 'token')}`)
    if (notSuspended.length > 0) {
      this.note(notSuspendedTokens(notSuspended, flags))
      this.endWith(exitCodes.partial)
    }
    return result
  }
}
