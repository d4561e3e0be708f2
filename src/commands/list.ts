import {ApkgCommand, exitCodes} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {listPackages, type PackageList} from '../project/listing/list-packages.js'
import {packageTree} from '../views/project/package-tree.js'

export default class List extends ApkgCommand<PackageList> {
  static override readonly summary = 'List the packages of a project, as a tree.'

  static override readonly description = `Shows what apkg.json and apkg-lock.json say, and behind each package what is not as they say: missing, with changed files, linked, in another version, out of range, or needed by nothing (extraneous). Files are compared by size and time with what was unpacked; \`apkg verify\` reads them. No registry is asked.

With packages named, only what leads to them; exit code 1 where there is none of them. Else the exit code is 0.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --depth 0',
    {
      description: 'Why is a package here?',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review',
    },
  ]

  static override readonly aliases = ['ls']

  static override readonly completion = {packages: 'locked-package'}

  static override readonly args = {
    packages: Args.string({description: 'Names of packages.', multiple: true, ignoreStdin: true}),
  }

  static override readonly flags = {
    depth: Flags.integer({summary: 'Levels to show below what apkg.json needs; all by default.', min: 0}),
  }

  async run(): Promise<PackageList> {
    const {args, flags} = await this.parse(List)
    const names = args.packages ?? []
    const result = await listPackages(this.ports.cwd, this.ports.home, {names, depth: flags.depth})
    if (result.dependencies.length === 0) {
      this.note(names.length > 0 ? 'No such package is here.' : 'No packages.')
      if (names.length > 0) this.endWith(exitCodes.failed)
    }
    return this.show(result, packageTree(result, this.ports.env))
  }
}
