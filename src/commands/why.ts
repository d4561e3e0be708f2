import {ApkgCommand, exitCodes, printable} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {findProject} from '../project/find-project.js'
import {listPackages, type PackageList} from '../project/listing/list-packages.js'
import {packageTree} from '../views/project/package-tree.js'

export default class Why extends ApkgCommand<PackageList> {
  static override readonly summary = 'Show why a package is installed.'

  static override readonly description = `Shows the paths in the dependency tree that lead to the package. Exits with code 1 if there are none. Works offline.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme/code-review']

  static override readonly completion = {package: 'locked-package'}

  static override readonly args = {
    package: Args.string({description: 'Package name.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<PackageList> {
    const {args} = await this.parse(Why)
    const options = {names: [args.package], depth: undefined}
    const result = await listPackages(findProject(this.ports), this.ports.home, options)
    const isFound = result.dependencies.length > 0
    if (!isFound) {
      this.note(`${printable(args.package)} is not installed, and no package requires it.`)
      this.endWith(exitCodes.failed)
    }
    return this.show(result, isFound ? packageTree(result, this.ports.env) : '')
  }
}
