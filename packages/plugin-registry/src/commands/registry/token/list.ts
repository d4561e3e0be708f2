import {Flags} from '@oclif/core'

import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import type {OwnedTokenSummary} from '../../../operator/owned-token.js'
import {isLive} from '../../../operator/change-tokens.js'
import {selectTokens} from '../../../operator/select-tokens.js'
import {endedTokenFlags, matchesFilters, tokenFilterFlags} from '../../../operator/token-filters.js'
import {findHolder, withStore} from '../../../operator/with-store.js'
import {ownedTokens, valuelessTokens} from '../../../views/owned-tokens.js'

/** The tokens of all users and organizations. */
export interface RegistryTokenListResult {
  /** The tokens, without their values. */
  tokens: OwnedTokenSummary[]
}

export default class RegistryTokenList extends OperatorCommand<RegistryTokenListResult> {
  static override readonly summary = 'List the API tokens of all users and organizations.'
  static override readonly description =
    'Lists active and suspended tokens. With filters, lists only tokens that match all of them.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --user ci-bot',
    '<%= config.bin %> <%= command.id %> --org acme',
    '<%= config.bin %> <%= command.id %> --unused 90d --json',
  ]
  static override readonly flags = {
    ...tokenFilterFlags,
    ...endedTokenFlags,
    ended: Flags.boolean({summary: 'Also list tokens that expired or were revoked.', default: false}),
    ...placeFlags,
  }

  async run() {
    const {flags} = await this.parse(RegistryTokenList)
    const now = this.ports.now()
    const listsEnded = flags.ended || flags.expired || flags.revoked
    const isListed = (token: OwnedTokenSummary) => (listsEnded || isLive(token)) && matchesFilters(token, flags, now)
    const selected = await withStore(this.place(flags), async (store) =>
      selectTokens(store, await findHolder(store, flags), now, isListed),
    )
    const tokens = selected.map(({summary}) => summary)
    if (tokens.length === 0) this.note('No tokens')
    this.warning(...valuelessTokens(tokens))
    return this.show({tokens}, ownedTokens(tokens, this.ports.stdout, this.ports.now()))
  }
}
