import {placeFlags} from '../../../operator/flags.js'
import {type IdentifiedTokenSummary, identifyToken, readValueHash} from '../../../operator/identify-token.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {withStore} from '../../../operator/with-store.js'
import {identifiedToken} from '../../../views/identified-token.js'

/** The token that the value belongs to. */
export interface RegistryTokenIdentifyResult {
  token: IdentifiedTokenSummary
}

export default class RegistryTokenIdentify extends OperatorCommand<RegistryTokenIdentifyResult> {
  static override readonly summary = 'Find the token that a value belongs to.'
  static override readonly description =
    'Reads the value from standard input and hashes it on this machine. The value is neither sent nor printed. Also finds old values of rotated tokens.'
  static override readonly examples = ['cat found.txt | <%= config.bin %> <%= command.id %>']
  static override readonly flags = placeFlags

  async run() {
    const {flags} = await this.parse(RegistryTokenIdentify)
    const hash = await readValueHash(this.ports)
    const token = await withStore(this.place(flags), (store) => identifyToken(store, hash, this.ports.now()))
    return this.show({token}, identifiedToken(token))
  }
}
