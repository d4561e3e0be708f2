import {Args, Flags} from '@oclif/core'

import {RoutedCommand} from '../entry/routed-command.js'
import {deprecate, parseDeprecation, type Deprecation} from '../catalog/deprecation/deprecate.js'
import {deprecationNote} from '../views/catalog/deprecation.js'

/** The deprecation that was set or removed. */
export interface DeprecateResult extends Deprecation {
  /** URL of the registry. */
  registry: string
}

export default class Deprecate extends RoutedCommand<DeprecateResult> {
  static override readonly summary = 'Deprecate a package or one of its versions.'

  static override readonly description = `The message is shown to anyone who installs the package. Deprecated packages can still be installed.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review "Use @acme/review"',
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0 "Misses renamed files"',
    '<%= config.bin %> <%= command.id %> @acme/code-review --undo',
  ]

  static override readonly completion = {target: 'package-version'}

  static override readonly args = {
    target: Args.string({
      description: 'Package (@scope/name) or version (@scope/name@version) to deprecate.',
      required: true,
      ignoreStdin: true,
    }),
    message: Args.string({description: 'Reason for the deprecation, and what to use instead.', ignoreStdin: true}),
  }

  static override readonly flags = {
    undo: Flags.boolean({summary: 'Remove the deprecation.'}),
  }

  async run(): Promise<DeprecateResult> {
    const {args, flags} = await this.parse(Deprecate)
    const deprecation = parseDeprecation(args.target, args.message, flags.undo)
    const client = await this.connectFor(deprecation.name, flags)
    await deprecate(client, deprecation)
    this.success(deprecationNote(deprecation))
    const result = {registry: client.registry, ...deprecation}
    return this.show(result, '')
  }
}
