import {Flags} from '@oclif/core'

import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {signingKeySummary, type SigningKeySummary} from '../../../operator/signing-key-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

export default class RegistryKeyRotate extends OperatorCommand<SigningKeySummary> {
  static override readonly summary = "Replace the registry's signing key."
  static override readonly description = `The current key signs the new one, so clients that pinned the current key accept the new one. Existing attestations stay valid. With --reason key-compromise, they are replaced: the new key attests every version again.

A running server uses the new key immediately.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --reason key-compromise --data /var/lib/apkg-registry/data',
  ]
  static override readonly flags = {
    reason: Flags.option({
      summary: 'Record this reason for the rotation.',
      options: ['superseded', 'key-compromise'] as const,
      default: 'superseded' as const,
    })(),
    ...placeFlags,
  }

  async run() {
    const {flags} = await this.parse(RegistryKeyRotate)
    const {reason} = flags
    const result = await withStore(this.place(flags), async (store) =>
      signingKeySummary(await store.signingKeys.rotate(reason, operator, this.ports.now().getTime())),
    )
    this.success('Rotated the signing key. The new key is:')
    return this.show(result, result.keyId)
  }
}
