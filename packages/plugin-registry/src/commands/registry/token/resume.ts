import {Args, Flags} from '@oclif/core'

import {dataFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {assertSelection, resumeTokens, type SuspendedTokenSummary} from '../../../operator/suspended-tokens.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {counted} from '../../../views/counted.js'
import {suspendedTokens} from '../../../views/suspended-tokens.js'

/** The tokens that were resumed. */
export interface RegistryTokenResumeResult {
  /** The resumed tokens. */
  tokens: SuspendedTokenSummary[]
}

export default class RegistryTokenResume extends OperatorCommand<RegistryTokenResumeResult> {
  static override readonly summary = 'Resume tokens suspended by a restore.'
  static override readonly description =
    "Some of these tokens may have been revoked after the backup was made. Don't resume those. Use --user or --all only if you know that none was revoked."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> 6wq8qsx01jyf3rt8',
    '<%= config.bin %> <%= command.id %> --user ada',
    '<%= config.bin %> <%= command.id %> --all --data /var/lib/apkg-registry/data',
  ]
  static override readonly args = {
    ids: Args.string({description: 'IDs of the tokens to resume.', multiple: true, ignoreStdin: true}),
  }
  static override readonly flags = {
    all: Flags.boolean({summary: 'Resume every suspended token.'}),
    user: Flags.string({summary: 'Resume every suspended token of this user.'}),
    ...dataFlag,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTokenResume)
    const {all, user, data} = flags
    const selection = {all, user, ids: args.ids ?? []}
    assertSelection(selection)
    const tokens = await withStore({data, ports: this.ports}, async (store) => {
      if (user !== undefined) await findUser(store, user)
      return resumeTokens(store, selection, this.ports.now())
    })
    await this.show({tokens}, suspendedTokens(tokens, this.ports.stdout))
    this.note(`Resumed ${counted(tokens.length, 'token')}`)
    return {tokens}
  }
}
