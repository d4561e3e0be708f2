import {ApkgCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {dataFlag} from '../../../operator/flags.js'
import {signingKeySummary, type SigningKeySummary} from '../../../operator/signing-key-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

export default class RegistryKeyRotate extends ApkgCommand<SigningKeySummary> {
  static override readonly summary = "Give the registry a new signing key in the present one's place."
  static override readonly description = `The present key signs its successor, which is how clients that have pinned it follow. What it attested still counts, unless it was compromised: then the new key attests every version anew.

A running server signs with the new key at once.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --reason key-compromise --data /var/lib/apkg-registry',
  ]
  static override readonly flags = {
    reason: Flags.option({
      summary: 'Why the present key ends.',
      options: ['superseded', 'key-compromise'] as const,
      default: 'superseded' as const,
    })(),
    ...dataFlag,
  }

  async run() {
    const {flags} = await this.parse(RegistryKeyRotate)
    const {data, reason} = flags
    const result = await withStore({data, ports: this.ports}, async (store) =>
      signingKeySummary(await store.signingKeys.rotate(reason, operator, this.ports.now().getTime())),
    )
    this.note('The registry signs with a new key:')
    return this.show(result, result.keyId)
  }
}
