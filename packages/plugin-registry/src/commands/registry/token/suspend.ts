import {Args, Flags} from '@oclif/core'

import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {parseReason} from '../../../operator/parse-reason.js'
import {
  assertOneSelection,
  changeTokens,
  exitCodeOf,
  selectionFlags,
  type TokenOutcome,
} from '../../../operator/change-tokens.js'
import {withStore} from '../../../operator/with-store.js'
import {tokenOutcomes} from '../../../views/owned-tokens.js'

/** The tokens, and whether each was suspended. */
export interface RegistryTokenSuspendResult {
  /** The outcome for each token. */
  tokens: TokenOutcome[]
}

export default class RegistryTokenSuspend extends OperatorCommand<RegistryTokenSuspendResult> {
  static override readonly summary = 'Suspend API tokens of any user.'
  static override readonly description =
    'Suspended tokens stop working until you run `apkg registry token resume`. Their owners cannot resume them. Filters and --all ask for confirmation; without a terminal, pass --yes.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> 6wq8qsx01jyf3rt8',
    '<%= config.bin %> <%= command.id %> --user ci-bot --dry-run',
  ]
  static override readonly args = {
    ids: Args.string({description: 'IDs of the tokens to suspend.', multiple: true, ignoreStdin: true}),
  }
  static override readonly flags = {
    ...selectionFlags,
    reason: Flags.string({
      summary: 'Why the tokens are suspended, in one line.',
      parse: (text) => Promise.resolve(parseReason(text)),
    }),
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTokenSuspend)
    const selection = {ids: args.ids ?? [], flags, reason: flags.reason ?? null}
    assertOneSelection('suspend', selection.ids, flags)
    const tokens = await withStore(this.place(flags), (store) => changeTokens(store, 'suspend', selection, this.ports))
    this.note(tokenOutcomes(tokens, 'suspend', flags))
    this.endWith(exitCodeOf(tokens))
    return this.show({tokens}, '')
  }
}
