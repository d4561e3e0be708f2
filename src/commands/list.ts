import {ApkgCommand, exitCodes} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {findProject} from '../project/find-project.js'
import {listPackages, type PackageList} from '../project/listing/list-packages.js'
import {packageTree} from '../views/project/package-tree.js'

export default class List extends ApkgCommand<PackageList> {
  static override readonly summary = 'List the packages of a project as a tree.'

  static override readonly description = `Shows the packages in apkg.json and apkg-lock.json, and marks those that are missing, modified, linked, installed at a different version, out of range, or extraneous (not required by any package). Modifications are detected by file size and time; \`apkg verify\` compares contents. Works offline.

With package names, shows only the paths that lead to them, and exits with code 1 if there are none. Otherwise, the exit code is 0.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --depth 0',
    {
      description: 'Show why a package is installed',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review',
    },
  ]

  static override readonly aliases = ['ls']

  static override readonly completion = {packages: 'locked-package'}

  static override readonly args = {
    packages: Args.string({description: 'Package names.', multiple: true, ignoreStdin: true}),
  }

  static override readonly flags = {
    depth: Flags.integer({summary: 'Number of levels to show below direct dependencies. Default: all.', min: 0}),
  }

  async run(): Promise<PackageList> {
    const {args, flags} = await this.parse(List)
    const names = args.packages ?? []
    const result = await listPackages(findProject(this.ports), this.ports.home, {names, depth: flags.depth})
    if (result.dependencies.length === 0) {
      this.note(names.length > 0 ? 'No matching packages.' : 'No packages.')
      if (names.length > 0) this.endWith(exitCodes.failed)
    }
    const isUnmatched = names.length > 0 && result.dependencies.length === 0
    return this.show(result, isUnmatched ? '' : packageTree(result, this.ports.env))
  }
}
