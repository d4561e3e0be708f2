import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {signingKeySummary, type SigningKeySummary} from '../../../operator/signing-key-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {signingKeyList} from '../../../views/signing-key-list.js'

/** The signing keys of the registry. */
export interface RegistryKeyListResult {
  /** The keys, newest first. */
  keys: SigningKeySummary[]
}

export default class RegistryKeyList extends OperatorCommand<RegistryKeyListResult> {
  static override readonly summary = "List the registry's signing keys, newest first."
  static override readonly description = 'The first key is created when the registry is started for the first time.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override readonly flags = placeFlags

  async run() {
    const {flags} = await this.parse(RegistryKeyList)
    const keys = await withStore(this.place(flags), async (store) =>
      (await store.signingKeys.list()).map(signingKeySummary),
    )
    if (keys.length === 0) this.note('No signing keys yet')
    return this.show({keys}, signingKeyList(keys, this.ports.stdout, this.ports.now()))
  }
}
