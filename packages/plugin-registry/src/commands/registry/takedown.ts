import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {dataFlag} from '../../operator/flags.js'
import {checkedReason, parsePackageVersion, takeDown, type TakeDownSummary} from '../../operator/take-down.js'
import {withStore} from '../../operator/with-store.js'
import {takeDownNote} from '../../views/take-down.js'

export default class RegistryTakedown extends ApkgCommand<TakeDownSummary> {
  static override readonly summary = 'Take a version of a package down for good.'
  static override readonly description =
    'Nobody gets it any longer, and who asks for it is told the reason. The version can never be published again. There is no way back.'
  static override readonly examples = ["<%= config.bin %> <%= command.id %> @acme/tool@1.2.3 --reason 'It stole keys'"]
  static override readonly args = {
    version: Args.string({description: 'The version, as @acme/tool@1.2.3.', required: true, ignoreStdin: true}),
  }
  static override readonly flags = {
    reason: Flags.string({summary: 'Why, in a line that everybody may read.', required: true}),
    ...dataFlag,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTakedown)
    const version = {...parsePackageVersion(args.version), reason: checkedReason(flags.reason)}
    const result = await withStore({data: flags.data, ports: this.ports}, (store) =>
      takeDown(store, version, this.ports.now()),
    )
    this.note(takeDownNote(result))
    return this.show(result, '')
  }
}
