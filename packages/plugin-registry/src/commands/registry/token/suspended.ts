import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {type ListedSuspendedToken, listedSuspended} from '../../../operator/listed-suspended.js'
import type {OwnedTokenSummary} from '../../../operator/owned-token.js'
import {selectTokens} from '../../../operator/select-tokens.js'
import {withStore} from '../../../operator/with-store.js'
import {ownedTokens} from '../../../views/owned-tokens.js'

/** The suspended tokens of all users and organizations. */
export interface RegistryTokenSuspendedResult {
  /** The suspended tokens. */
  tokens: ListedSuspendedToken[]
}

/** For scripts: `apkg registry token list --suspended`, with one more field. */
export default class RegistryTokenSuspended extends OperatorCommand<RegistryTokenSuspendedResult> {
  static override readonly summary = 'List suspended tokens.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override readonly hidden = true
  static override readonly flags = placeFlags

  async run() {
    const {flags} = await this.parse(RegistryTokenSuspended)
    const now = this.ports.now()
    const isSuspended = (token: OwnedTokenSummary) => token.status === 'suspended'
    const selected = await withStore(this.place(flags), (store) => selectTokens(store, undefined, now, isSuspended))
    const tokens = selected.flatMap(({summary}) => listedSuspended(summary))
    if (tokens.length === 0) this.note('No suspended tokens')
    return this.show({tokens}, ownedTokens(tokens, this.ports.stdout, this.ports.now()))
  }
}
