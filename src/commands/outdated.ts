import {Args} from '@oclif/core'

import {RoutedCommand} from '../entry/routed-command.js'
import {installContext} from '../project/installation/install-context.js'
import {outdatedPackages, type OutdatedPackage} from '../project/outdated/outdated-packages.js'
import {outdatedTable} from '../views/project/outdated.js'

/** The direct dependencies that aren't at their latest version. */
export interface OutdatedResult {
  /** URL of the registry. */
  registry: string
  /** The outdated dependencies. */
  packages: OutdatedPackage[]
}

export default class Outdated extends RoutedCommand<OutdatedResult> {
  static override readonly summary = 'List outdated dependencies.'

  static override readonly description = `Shows three versions of each dependency:

current: the installed version, or the locked version if the package isn't installed
wanted: the newest version that the range in apkg.json allows; \`apkg update\` installs it
latest: the newest published version; \`apkg update --latest\` installs it

On a terminal, prints a table. Otherwise, prints one dependency per line, with tab-separated fields: package, current, wanted, latest. The exit code is 0 even if there are outdated dependencies.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI, fail if an update within a range is available',
      command: `<%= config.bin %> <%= command.id %> --json | jq -e '.packages | all(.current == .wanted)'`,
    },
  ]

  static override readonly completion = {packages: 'dependency'}

  static override readonly auth = 'optional'

  static override readonly args = {
    packages: Args.string({
      description: 'Names from `dependencies` in apkg.json. Default: all.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<OutdatedResult> {
    const {args, flags} = await this.parse(Outdated)
    const registries = await this.connectAll(flags)
    const packages = await outdatedPackages(args.packages ?? [], installContext(this.ports, registries))
    if (packages.length === 0) this.success('All packages are up to date.')
    const result = {registry: registries.registry, packages}
    return this.show(result, outdatedTable(packages, this.ports.stdout))
  }
}
