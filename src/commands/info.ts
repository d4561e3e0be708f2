import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {cacheFolder} from '../catalog/cache/cache-folder.js'
import {PackumentCache} from '../catalog/cache/packument-cache.js'
import {loadPackageInfo} from '../catalog/packument/load-package-info.js'
import type {PackageInfo} from '../catalog/packument/package-info.js'
import {parseSpec} from '../catalog/spec.js'
import {packageInfoText} from '../views/catalog/package-info.js'

/** A package and one of its versions. Fields that the registry doesn't report are null. */
export interface InfoResult extends PackageInfo {
  /** URL of the registry. */
  registry: string
}

export default class Info extends RegistryCommand<InfoResult> {
  static override readonly summary = 'Show information about a package.'

  static override readonly description = `Shows the package, the details of one version, and a list of all versions. The details are those of \`latest\` unless you specify a version, dist-tag or range. With --offline, shows cached metadata.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0',
    {
      description: 'Print the integrity of the version tagged `next`',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review@next --json | jq -r .version.integrity',
    },
  ]

  static override readonly completion = {package: 'package-version'}

  static override readonly auth = 'optional'

  static override readonly args = {
    package: Args.string({
      description: 'Package: @scope/name, @scope/name@version, @scope/name@tag or @scope/name@range.',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<InfoResult> {
    const {args, flags} = await this.parse(Info)
    const spec = parseSpec(args.package)
    const {client} = await this.connect(flags)
    const packuments = new PackumentCache(cacheFolder(this.ports.env, this.ports.home), this.ports.home)
    const info = await loadPackageInfo(spec, packuments, client)
    const result = {registry: client.registry, ...info}
    return this.show(result, packageInfoText(info))
  }
}
