import {printable} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {RoutedCommand} from '../../entry/routed-command.js'
import {parseBareName, removeDistTag} from '../../catalog/dist-tags/dist-tags.js'

/** The dist-tag that was removed. */
export interface DistTagRmResult {
  /** URL of the registry. */
  registry: string
  name: string
  tag: string
}

export default class DistTagRm extends RoutedCommand<DistTagRmResult> {
  static override readonly summary = 'Remove a dist-tag.'

  static override readonly description = 'The version that the tag points to is not removed.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme/code-review next']

  static override readonly aliases = ['dist-tag:remove']

  static override readonly completion = {package: 'package', tag: 'dist-tag'}

  static override readonly args = {
    package: Args.string({description: 'Package name: @scope/name.', required: true, ignoreStdin: true}),
    tag: Args.string({description: 'Tag to remove.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<DistTagRmResult> {
    const {args, flags} = await this.parse(DistTagRm)
    const name = parseBareName(args.package)
    const client = await this.connectFor(name, flags)
    await removeDistTag(client, {name, tag: args.tag})
    this.success(`Removed tag "${printable(args.tag)}" from ${name}`)
    const result = {registry: client.registry, name, tag: args.tag}
    return this.show(result, '')
  }
}
