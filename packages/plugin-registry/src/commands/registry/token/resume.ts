import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {dataFlag} from '../../../operator/flags.js'
import {checkSelection, resumeTokens, type SuspendedTokenSummary} from '../../../operator/suspended-tokens.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {suspendedTokens} from '../../../views/suspended-tokens.js'

/** The tokens that work again. */
export interface RegistryTokenResumeResult {
  tokens: SuspendedTokenSummary[]
}

export default class RegistryTokenResume extends ApkgCommand<RegistryTokenResumeResult> {
  static override readonly summary = 'Let tokens work again that a restore suspended.'
  static override readonly description =
    'Some of them may have been revoked after the backup was made, which it does not know. Revoke those first, or leave them out.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --user ada',
    '<%= config.bin %> <%= command.id %> --all --data /var/lib/apkg-registry',
  ]
  static override readonly args = {
    ids: Args.string({description: 'The ids of tokens.', multiple: true, ignoreStdin: true}),
  }
  static override readonly flags = {
    all: Flags.boolean({summary: 'Every suspended token.'}),
    user: Flags.string({summary: 'Every suspended token of this user.'}),
    ...dataFlag,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTokenResume)
    const {all, user, data} = flags
    const selection = {all, user, ids: args.ids ?? []}
    checkSelection(selection)
    const tokens = await withStore({data, ports: this.ports}, async (store) => {
      if (user !== undefined) await findUser(store, user)
      return resumeTokens(store, selection, this.ports.now())
    })
    await this.show({tokens}, suspendedTokens(tokens, this.ports.stdout))
    this.note(`Resumed ${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'}`)
    return {tokens}
  }
}
