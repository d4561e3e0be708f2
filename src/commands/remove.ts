import {Args} from '@oclif/core'

import {RoutedCommand} from '../entry/routed-command.js'
import {findProject} from '../project/find-project.js'
import {removePackages, type RemoveReport} from '../project/installation/remove-packages.js'
import {cleanUpOnly} from '../tools/choose-tools.js'
import {setUpTools} from '../tools/set-up.js'
import type {SetupReport} from '../tools/setup-report.js'
import {deletedFolders, removalNotes} from '../views/project/removal.js'
import {setupWarnings, setupLines} from '../views/tools/tool-setup.js'

/** The packages and links that were removed. */
export interface RemoveResult extends Omit<RemoveReport, 'gone' | 'warnings'> {
  setup: SetupReport
}

export default class Remove extends RoutedCommand<RemoveResult> {
  static override readonly summary = 'Remove packages from apkg.json, the lockfile and apkg_packages.'

  static override readonly description = `Packages that other packages depend on are kept. Files that apkg created for tools are removed too, unless you modified them. Works offline.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme/code-review']

  static override readonly aliases = ['uninstall', 'rm']

  static override readonly completion = {packages: 'dependency'}

  static override readonly auth = 'none'

  static override readonly args = {
    packages: Args.string({
      description: 'Names from `dependencies` in apkg.json.',
      multiple: true,
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<RemoveResult> {
    const {args, flags} = await this.parse(Remove)
    const {client} = await this.connect(flags)
    const {home} = this.ports
    // It makes no requests, so it doesn't matter whether the routes are accepted.
    const registries = await this.registriesBeside(client, flags, home)
    const project = findProject(this.ports)
    const {warnings, gone, ...removal} = await removePackages(args.packages, {project, home, origins: registries})
    const setup = await setUpTools({project, home, selection: cleanUpOnly, gone})
    this.warning(...warnings, ...setupWarnings(setup))
    this.note(removalNotes(removal))
    const result = {...removal, setup}
    return this.show(result, deletedFolders(removal) + setupLines(setup))
  }
}
