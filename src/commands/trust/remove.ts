import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {unpinScope} from '../../trust/trust-store.js'

/** The pin that was removed. */
export interface TrustRemoveResult {
  /** The scope, with its `@`. */
  scope: string
  /** URL of the registry that the scope was pinned to. */
  registry: string
}

export default class TrustRemove extends ApkgCommand<TrustRemoveResult> {
  static override readonly summary = 'Unpin a scope.'

  static override readonly description = 'Packages of the scope can come from any registry again.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme']

  static override readonly completion = {scope: 'pinned-scope'}

  static override readonly args = {
    scope: Args.string({description: 'Scope to unpin, such as @acme.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<TrustRemoveResult> {
    const {args} = await this.parse(TrustRemove)
    const {scope} = args
    const registry = await unpinScope(this.ports.home, scope)
    this.note(`Unpinned ${scope} from ${registry}`)
    return this.show({scope, registry}, '')
  }
}
