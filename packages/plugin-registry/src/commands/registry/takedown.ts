import {Args, Flags} from '@oclif/core'

import {confirm} from '../../operator/confirm.js'
import {placeFlags, yesFlag} from '../../operator/flags.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {
  canTakeDown,
  parsePackageVersion,
  parseReason,
  takeDown,
  type TakeDownSummary,
} from '../../operator/take-down.js'
import {withStore} from '../../operator/with-store.js'
import {takeDownNote, takeDownQuestion} from '../../views/take-down.js'

export default class RegistryTakedown extends OperatorCommand<TakeDownSummary> {
  static override readonly summary = 'Take down a version of a package permanently.'
  static override readonly description =
    "The version can no longer be downloaded, and clients that request it are shown the reason. The version number can never be published again, regardless of build metadata. This can't be undone, so it asks for confirmation. Without a terminal, pass --yes."
  static override readonly examples = [
    "<%= config.bin %> <%= command.id %> @acme/tool@1.2.3 --reason 'Contains malware'",
    "<%= config.bin %> <%= command.id %> @acme/tool@1.2.3 --reason 'Contains malware' --yes",
  ]
  static override readonly args = {
    version: Args.string({
      description: 'Version to take down, such as @acme/tool@1.2.3.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override readonly flags = {
    reason: Flags.string({summary: 'Reason for the takedown, on one line. Shown publicly.', required: true}),
    ...yesFlag,
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryTakedown)
    const version = {...parsePackageVersion(args.version), reason: parseReason(flags.reason)}
    const result = await withStore(this.place(flags), async (store) => {
      const agreement = {isAgreed: flags.yes, action: 'The takedown'}
      if (await canTakeDown(store, version)) await confirm(takeDownQuestion(version), agreement, this.ports)
      return takeDown(store, version, this.ports.now())
    })
    this.success(takeDownNote(result))
    return this.show(result, '')
  }
}
