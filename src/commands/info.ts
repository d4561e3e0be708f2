import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {cacheFolder} from '../catalog/cache/cache-folder.js'
import {PackumentCache} from '../catalog/cache/packument-cache.js'
import {packageInfo, type PackageInfo} from '../catalog/packument/package-info.js'
import {parseSpec} from '../catalog/spec.js'
import {packageInfoText} from '../views/catalog/package-info.js'

export default class Info extends RegistryCommand<PackageInfo & {registry: string}> {
  static override readonly summary = 'Show what the registry tells of a package.'

  static override readonly description = `Shows the package, one of its versions (the one named, by number, by dist-tag or as the highest of a range; else \`latest\`), and the list of all. Offline, what was told the last time.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0',
    {
      description: 'The digest of what is tagged `next`:',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review@next --json | jq -r .version.integrity',
    },
  ]

  static override readonly completion = {package: 'package-version'}

  static override readonly auth = 'optional'

  static override readonly args = {
    package: Args.string({
      description: 'A package: @scope/name, @scope/name@version, @scope/name@tag, @scope/name@range.',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<PackageInfo & {registry: string}> {
    const {args, flags} = await this.parse(Info)
    const {name, wanted} = parseSpec(args.package)
    const {client} = await this.connect(flags)
    const packuments = new PackumentCache(cacheFolder(this.ports.env, this.ports.home))
    const info = packageInfo(await packuments.load(client, name), wanted)
    const result = {registry: client.registry, ...info}
    return this.show(result, packageInfoText(info))
  }
}
