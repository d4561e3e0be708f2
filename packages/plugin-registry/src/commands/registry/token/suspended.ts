import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {type SuspendedTokenSummary, suspendedTokenSummary} from '../../../operator/suspended-tokens.js'
import {operatorSuspensions} from '../../../server/store/store.js'
import {withStore} from '../../../operator/with-store.js'
import {suspendedTokens} from '../../../views/suspended-tokens.js'

/** The tokens suspended by a restore. */
export interface RegistryTokenSuspendedResult {
  /** The suspended tokens. */
  tokens: SuspendedTokenSummary[]
}

export default class RegistryTokenSuspended extends OperatorCommand<RegistryTokenSuspendedResult> {
  static override readonly summary = 'List tokens suspended by a restore.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override readonly hidden = true
  static override readonly flags = placeFlags

  async run() {
    const {flags} = await this.parse(RegistryTokenSuspended)
    const suspended = await withStore(this.place(flags), (store) => store.tokens.suspended(operatorSuspensions))
    const tokens = suspended.map(suspendedTokenSummary)
    if (tokens.length === 0) this.note('No suspended tokens')
    return this.show({tokens}, suspendedTokens(tokens, this.ports.stdout, this.ports.now()))
  }
}
