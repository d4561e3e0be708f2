import {realpath} from 'node:fs/promises'

import {ApkgCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {findProject} from '../../project/find-project.js'
import {proposedRoutes} from '../../project/read-routes.js'
import {failure} from '../../trust/failures.js'
import type {RegistryByScope} from '../../trust/routes.js'
import {acceptRoutes} from '../../trust/trust-store.js'
import {acceptedNote} from '../../views/trust/accepted-routes.js'

/** The registries that are accepted for a project. */
export interface TrustAcceptResult {
  /** The real path of the project's directory. */
  project: string
  /** URL of the registry of each scope, by scope; empty after `--undo`. */
  registries: RegistryByScope
}

export default class TrustAccept extends ApkgCommand<TrustAcceptResult> {
  static override readonly summary = 'Accept the registries that this project uses for scopes.'

  static override readonly description = `A project can name registries for scopes, in \`registries\` of its apkg.json: {"registries": {"@acme": "https://registry.example.com"}}. They are used only after you accept them, in this directory and for exactly this list. If the list changes, apkg asks you to accept it again. Your own routes (see \`apkg trust add\`) take precedence.

In CI, add the routes with \`apkg trust add\` instead, so that a change to apkg.json can't redirect the job.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Stop accepting them', command: '<%= config.bin %> <%= command.id %> --undo'},
  ]

  static override readonly flags = {
    undo: Flags.boolean({summary: 'Stop accepting the registries of this project.'}),
  }

  async run(): Promise<TrustAcceptResult> {
    const {flags} = await this.parse(TrustAccept)
    const folder = findProject(this.ports)
    const registries = flags.undo ? {} : await proposedRoutes(folder)
    if (!flags.undo && Object.keys(registries).length === 0) throw failure('ROUTES_ABSENT', {folder})
    const project = await realpath(folder)
    const before = await acceptRoutes(this.ports.home, project, registries)
    const result = {project, registries}
    this.note(acceptedNote(result, before))
    return this.show(result, '')
  }
}
