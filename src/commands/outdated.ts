import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {installContext} from '../project/installation/install-context.js'
import {outdatedPackages, type OutdatedPackage} from '../project/outdated/outdated-packages.js'
import {outdatedTable} from '../views/project/outdated.js'

/** The direct dependencies that are not at their latest version. */
export interface OutdatedResult {
  /** URL of the registry. */
  registry: string
  packages: OutdatedPackage[]
}

export default class Outdated extends RegistryCommand<OutdatedResult> {
  static override readonly summary = 'List the dependencies that are not at their newest version.'

  static override readonly description = `Shows for each the version that is installed (or else locked), the one that \`apkg update\` would install since the range of apkg.json allows it, and the newest one, that \`apkg update --latest\` would install.

On a terminal it is a table; anywhere else a line a package with tabs between those fields. The exit code is 0 whether there are any or not.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI: fail where anything could be updated within its range:',
      command: `<%= config.bin %> <%= command.id %> --json | jq -e '.packages | all(.current == .wanted)'`,
    },
  ]

  static override readonly completion = {packages: 'dependency'}

  static override readonly auth = 'optional'

  static override readonly args = {
    packages: Args.string({
      description: 'Names from `dependencies` of apkg.json; all where none is given.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<OutdatedResult> {
    const {args, flags} = await this.parse(Outdated)
    const {client} = await this.connect(flags)
    const packages = await outdatedPackages(args.packages ?? [], installContext(this.ports, client))
    if (packages.length === 0) this.note('All packages are up to date.')
    const result = {registry: client.registry, packages}
    return this.show(result, outdatedTable(packages, this.ports.stdout))
  }
}
