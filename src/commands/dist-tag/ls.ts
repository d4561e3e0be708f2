import {Args} from '@oclif/core'

import {RoutedCommand} from '../../entry/routed-command.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import {assertPackageName} from '../../catalog/spec.js'
import {parseBareName} from '../../catalog/dist-tags/dist-tags.js'
import {distTagLines} from '../../views/catalog/dist-tags.js'

/** The dist-tags of a package. */
export interface DistTagLsResult {
  /** URL of the registry. */
  registry: string
  /** The package's name. */
  name: string
  /** The version that each dist-tag points to, by tag. */
  distTags: Record<string, string>
}

export default class DistTagLs extends RoutedCommand<DistTagLsResult> {
  static override readonly summary = 'List the dist-tags of a package.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme/code-review']

  static override readonly aliases = ['dist-tag:list']

  static override readonly completion = {package: 'package'}

  static override readonly auth = 'optional'

  static override readonly args = {
    package: Args.string({description: 'Package name: @scope/name.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<DistTagLsResult> {
    const {args, flags} = await this.parse(DistTagLs)
    const name = parseBareName(args.package)
    const client = await this.connectFor(name, flags)
    assertPackageName(name)
    const {distTags = {}} = await new PackumentCache(
      cacheFolder(this.ports.env, this.ports.home),
      this.ports.home,
    ).load(client, name)
    if (Object.keys(distTags).length === 0) this.note(`No dist-tags for ${name}`)
    const result = {registry: client.registry, name, distTags}
    return this.show(result, distTagLines(distTags))
  }
}
