import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {distTagOf, setDistTag, type DistTag} from '../../catalog/dist-tags/dist-tags.js'
import {assertPackageTrusted} from '../../trust/trust.js'

export default class DistTagAdd extends RegistryCommand<DistTag & {registry: string}> {
  static override readonly summary = 'Make a dist-tag stand for a version.'

  static override readonly description = `What the tag stood for before is replaced. \`latest\` is what is installed where no version is asked for.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review@2.0.0-rc.1 next',
    {
      description: 'Go back to an earlier version:',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0 latest',
    },
  ]

  static override readonly completion = {target: 'package-version', tag: 'dist-tag'}

  static override readonly args = {
    target: Args.string({description: '@scope/name@version.', required: true, ignoreStdin: true}),
    tag: Args.string({description: 'A name such as `next`.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<DistTag & {registry: string}> {
    const {args, flags} = await this.parse(DistTagAdd)
    const distTag = distTagOf(args.target, args.tag)
    const {client} = await this.connect(flags)
    await assertPackageTrusted(this.ports.home, distTag.name, client.registry)
    await setDistTag(client, distTag)
    this.note(`Set tag "${distTag.tag}" on ${distTag.name}@${distTag.version}`)
    const result = {registry: client.registry, ...distTag}
    return this.show(result, '')
  }
}
