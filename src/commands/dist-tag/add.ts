import {Args} from '@oclif/core'

import {RoutedCommand} from '../../entry/routed-command.js'
import {parseDistTag, setDistTag, type DistTag} from '../../catalog/dist-tags/dist-tags.js'

/** The dist-tag that was set. */
export interface DistTagAddResult extends DistTag {
  /** URL of the registry. */
  registry: string
}

export default class DistTagAdd extends RoutedCommand<DistTagAddResult> {
  static override readonly summary = 'Point a dist-tag at a version.'

  static override readonly description = `Moves the tag if it already exists. \`latest\` is the version that gets installed when you don't request a specific one.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review@2.0.0-rc.1 next',
    {
      description: 'Roll back to an earlier version',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0 latest',
    },
  ]

  static override readonly completion = {target: 'package-version', tag: 'dist-tag'}

  static override readonly args = {
    target: Args.string({description: 'Version to tag: @scope/name@version.', required: true, ignoreStdin: true}),
    tag: Args.string({description: 'Tag, such as `next`.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<DistTagAddResult> {
    const {args, flags} = await this.parse(DistTagAdd)
    const distTag = parseDistTag(args.target, args.tag)
    const client = await this.connectFor(distTag.name, flags)
    await setDistTag(client, distTag)
    this.success(`Set tag "${distTag.tag}" on ${distTag.name}@${distTag.version}`)
    const result = {registry: client.registry, ...distTag}
    return this.show(result, '')
  }
}
