import {Args} from '@oclif/core'

import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {
  assertOneSelection,
  changeTokens,
  exitCodeOf,
  selectionFlags,
  type TokenOutcome,
} from '../../../operator/change-tokens.js'
import {withStore} from '../../../operator/with-store.js'
import {tokenOutcomes} from '../../../views/owned-tokens.js'

/** The tokens, and whether each was revoked. */
export interface RegistryTokenRevokeResult {
  /** The outcome for each token. */
  tokens: TokenOutcome[]
}

export default class RegistryTokenRevoke extends OperatorCommand<RegistryTokenRevokeResult> {
  static override readonly summary = 'Revoke API tokens of any user.'
  static override readonly description =
    "Revoked tokens can't be restored. Filters and --all ask for confirmation; without a terminal, pass --yes."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> 6wq8qsx01jyf3rt8',
    '<%= config.bin %> <%= command.id %> --user ci-bot --dry-run',
  ]
  static override readonly args = {
    ids: Args.string({description: 'IDs of the tokens to revoke.', multiple: true, ignoreStdin: true}),
  }
  static override readonly flags = {
    ...selectionFlags,
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTokenRevoke)
    const selection = {ids: args.ids ?? [], flags}
    assertOneSelection('revoke', selection.ids, flags)
    const tokens = await withStore(this.place(flags), (store) => changeTokens(store, 'revoke', selection, this.ports))
    this.note(tokenOutcomes(tokens, 'revoke', flags))
    this.endWith(exitCodeOf(tokens))
    return this.show({tokens}, '')
  }
}
