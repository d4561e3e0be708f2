import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {unrouteScope} from '../../trust/trust-store.js'

/** The route that was removed. */
export interface TrustRemoveResult {
  /** The scope, with its `@`. */
  scope: string
  /** URL of the registry that the packages of the scope came from. */
  registry: string
}

export default class TrustRemove extends ApkgCommand<TrustRemoveResult> {
  static override readonly summary = 'Remove the route of a scope to a registry.'

  static override readonly description = 'Packages of the scope come from the selected registry again.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme']

  static override readonly completion = {scope: 'pinned-scope'}

  static override readonly args = {
    scope: Args.string({description: 'Scope, such as @acme.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<TrustRemoveResult> {
    const {args} = await this.parse(TrustRemove)
    const {scope} = args
    const registry = await unrouteScope(this.ports.home, scope)
    this.success(`Packages of ${scope} no longer come from ${registry}`)
    return this.show({scope, registry}, '')
  }
}
