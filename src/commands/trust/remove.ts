import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {unpinScope} from '../../trust/trust.js'

export default class TrustRemove extends ApkgCommand<{scope: string; registry: string}> {
  static override readonly summary = 'Remove the pin of a scope, so that its packages may come from any registry.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme']

  static override readonly completion = {scope: 'pinned-scope'}

  static override readonly args = {
    scope: Args.string({description: 'The scope, such as @acme.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<{scope: string; registry: string}> {
    const {args} = await this.parse(TrustRemove)
    const {scope} = args
    const registry = await unpinScope(this.ports.home, scope)
    this.note(`Removed the pin of ${scope} to ${registry}`)
    return this.show({scope, registry}, '')
  }
}
